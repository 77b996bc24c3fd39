import asyncio

from virtual_loop import log, now, run


printer = asyncio.Semaphore(1)


async def report():
    async with printer:
        try:
            log("printing 300 pages")
            await asyncio.sleep(30)
            log("report printed")
        finally:
            await asyncio.sleep(0.15)
            log("paper tray parked")


async def letter():
    async with printer:
        log(f"letter begins at {now()}")
        await asyncio.sleep(0.2)


async def main():
    async with asyncio.TaskGroup() as office:
        job = office.create_task(report())
        office.create_task(letter())
        await asyncio.sleep(0.5)
        job.cancel()


run(main())
