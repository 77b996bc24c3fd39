import asyncio

from virtual_loop import log, run


async def fetch(url, delay):
    await asyncio.sleep(delay)


async def main():
    try:
        async with asyncio.timeout(1):
            try:
                async with asyncio.timeout(0.3):
                    await fetch("api/prices/primary.json", 0.8)
                    log("price from the primary")
            except TimeoutError:
                log("the primary is too slow")
                await fetch("api/prices/backup.json", 0.25)
                log("price from the backup")

            try:
                async with asyncio.timeout(0.9):
                    await fetch("api/prices/history.json", 0.7)
                    log("chart drawn")
            except TimeoutError:
                log("the chart is too slow")
    except TimeoutError:
        log("sent without the chart")


run(main())
