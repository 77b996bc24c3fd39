import asyncio

from virtual_loop import log, now, run


client = asyncio.Semaphore(3)


async def get_page(number):
    async with client:
        await asyncio.sleep(0.2)
        log(f"page {number} at {now()}")


async def main():
    async with asyncio.timeout(5):
        async with asyncio.TaskGroup() as crawl:
            for i in range(1, 9):
                crawl.create_task(get_page(i))


run(main())
