import asyncio

from virtual_loop import log, run, told


class OutOfStock(Exception):
    pass


class OutOfStok(Exception):
    """Somebody else's, and one letter short."""


async def chairs():
    await asyncio.sleep(0.2)
    raise OutOfStock("no chairs left")


async def tables():
    await asyncio.sleep(0.5)
    log("tables reserved")


async def main():
    try:
        try:
            async with asyncio.TaskGroup() as order:
                order.create_task(chairs())
                order.create_task(tables())
        except* OutOfStok as e:
            log(f"benches instead: {told(e)}")
    except* OutOfStock as e:
        log(f"call the customer: {told(e)}")


run(main())
