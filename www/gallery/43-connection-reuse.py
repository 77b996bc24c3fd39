import asyncio
from contextlib import asynccontextmanager

from virtual_loop import log, run


@asynccontextmanager
async def connection():
    await asyncio.sleep(0.09)
    log("connected")
    try:
        yield
    finally:
        await asyncio.sleep(0.01)


async def request(order):
    await asyncio.sleep(0.04)
    log(f"order {order} read")


def ms(seconds):
    return f"{round(seconds * 1000)}ms"


async def main():
    clock = asyncio.get_running_loop().time
    for order in range(1, 4):
        async with connection():
            await request(order)
    apart = clock()
    log(f"one each: {ms(apart)}")

    async with connection():
        for order in range(1, 4):
            await request(order)
    log(f"one for all: {ms(clock() - apart)}")


run(main())
