import asyncio

from virtual_loop import log, now, run, work


async def heartbeat():
    for beat in range(1, 6):
        await asyncio.sleep(0.1)
        log(f"heartbeat {beat} at {now()}")


async def parser():
    await asyncio.sleep(0.15)
    work(0.4)
    log("40 MB of JSON parsed")


async def main():
    async with asyncio.TaskGroup() as server:
        server.create_task(heartbeat())
        server.create_task(parser())


run(main())
