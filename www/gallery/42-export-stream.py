import asyncio

from virtual_loop import log, now, run


parts = asyncio.Queue(2)
END = object()


async def download():
    for number in range(1, 6):
        await asyncio.sleep(0.1)
        await parts.put(number)
    await parts.put(END)


async def parse():
    rows = 0
    while (number := await parts.get()) is not END:
        await asyncio.sleep(0.06)
        rows += 1000
        log(f"part {number} parsed at {now()}")
    log(f"{rows} rows")


async def main():
    async with asyncio.timeout(5):
        async with asyncio.TaskGroup() as export:
            export.create_task(download())
            export.create_task(parse())


run(main())
