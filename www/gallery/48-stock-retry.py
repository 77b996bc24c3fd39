import asyncio

from virtual_loop import log, now, run


tries = 0


async def read_stock():
    global tries
    tries += 1
    log(f"attempt {tries} at {now()}")
    await asyncio.sleep(0.05)
    if tries < 3:
        raise ConnectionError("stock service")
    log("12 chairs in stock")


async def retry(attempts, first, cap, action):
    pause = first
    for attempt in range(1, attempts + 1):
        try:
            return await action()
        except Exception:
            if attempt == attempts:
                raise
        await asyncio.sleep(pause)
        pause = min(pause * 2, cap)


async def main():
    async with asyncio.timeout(2):
        await retry(4, 0.1, 1, read_stock)


run(main())
