import asyncio

from virtual_loop import log, now, run, work


async def report():
    for _ in range(20):
        work(0.02)
        # `await asyncio.sleep(0)` here would let the others have their turn.
    log(f"report done at {now()}")


async def request():
    await asyncio.sleep(0.05)
    log(f"request answered at {now()}")


async def main():
    async with asyncio.TaskGroup() as server:
        server.create_task(request())
        server.create_task(report())


run(main())
