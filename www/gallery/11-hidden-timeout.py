import asyncio

from virtual_loop import log, run


async def fetch(url, delay):
    await asyncio.sleep(delay)


async def price_of(item):
    try:
        async with asyncio.timeout(0.3):
            await fetch(f"api/prices/{item}.json", 0.7)
            return 89
    except Exception:
        return 0


async def main():
    price = await price_of("chair")
    log(f"20 chairs sold for {20 * price} euros")


run(main())
