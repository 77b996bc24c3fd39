import asyncio
from contextlib import asynccontextmanager

from virtual_loop import log, now, run, told


class PaymentError(Exception):
    pass


@asynccontextmanager
async def session(order):
    await asyncio.sleep(0.05)
    log(f"{order} session open")
    try:
        yield
    finally:
        await asyncio.sleep(0.03)
        log(f"{order} session closed")


async def unit_of_work(order, cost):
    async with session(order):
        await asyncio.sleep(cost)
        log(f"{order} committed")


async def decline():
    await asyncio.sleep(0.3)
    raise PaymentError("card declined")


async def main():
    try:
        async with asyncio.TaskGroup() as orders:
            orders.create_task(unit_of_work("A-1031", 0.2))
            orders.create_task(unit_of_work("A-1032", 0.9))
            orders.create_task(decline())
    except* PaymentError as e:
        log(f"stopped at {now()}: {told(e)}")


run(main())
