import asyncio

from virtual_loop import log, now, run


async def search_archive():
    await asyncio.sleep(0.8)
    log(f"the archive answers at {now()}")


async def main():
    async with asyncio.TaskGroup() as page:
        try:
            async with asyncio.timeout(0.2):
                archive = page.create_task(search_archive())
                # `await archive` would pass the cancellation on to it.
                await asyncio.wait([archive])
        except TimeoutError:
            log(f"page without the archive at {now()}")
    log(f"page sent at {now()}")


run(main())
