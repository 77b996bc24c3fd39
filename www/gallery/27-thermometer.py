import asyncio

from virtual_loop import log, now, run


async def ticks(count, every):
    """Numbers at a fixed rate, the first at once."""
    clock = asyncio.get_running_loop().time
    begin = clock()
    for i in range(count):
        await asyncio.sleep(max(0, begin + i * every - clock()))
        yield i + 1


async def main():
    async for i in ticks(4, every=0.25):
        log(f"reading {i} begins at {now()}")
        await asyncio.sleep(0.06)
    log("four readings")


run(main())
