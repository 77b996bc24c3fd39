import asyncio
from contextlib import aclosing

from virtual_loop import log, now, run


async def pages():
    """The pages of the order list; each is asked for when it is wanted."""
    for page in range(1, 5):
        await asyncio.sleep(0.12)
        yield page, [page * 100 + 1, page * 100 + 2]


async def main():
    # Leaving the loop early does not end a generator; `aclosing` does.
    async with aclosing(pages()) as listing:
        async for page, orders in listing:
            log(f"page {page} at {now()}: {str(orders).replace(' ', '')}")
            if orders[0] == 301:
                log("found order 301")
                break
            await asyncio.sleep(0.05)


run(main())
