import asyncio

from virtual_loop import log, now, run


async def charge():
    await asyncio.sleep(0.15)
    log("card charged")
    await asyncio.sleep(0.15)
    log("order booked")


async def shielded(action):
    """Lets the action end, and only then the cancellation arrive; `asyncio.shield` alone would leave it behind."""
    task = asyncio.create_task(action)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await task
        raise


async def place_order():
    await asyncio.sleep(0.1)
    log("card accepted")
    await shielded(charge())
    log("thank you shown")


async def main():
    async with asyncio.TaskGroup() as shop:
        order = shop.create_task(place_order())
        await asyncio.sleep(0.2)
        log("customer leaves")
        order.cancel()
    log(f"closed at {now()}")


run(main())
