import asyncio

from virtual_loop import log, now, run


line = asyncio.Barrier(3)


async def run_lap(runner, warm_up):
    await asyncio.sleep(warm_up)
    log(f"{runner} is ready")
    await line.wait()
    log(f"{runner} leaves at {now()}")
    await asyncio.sleep(0.2)


async def main():
    async with asyncio.TaskGroup() as race_track:
        race_track.create_task(run_lap("Ines", 0.1))
        race_track.create_task(run_lap("Omar", 0.4))
        race_track.create_task(run_lap("Yuki", 0.25))


run(main())
