import asyncio

from virtual_loop import log, run, told


class SoldOut(Exception):
    pass


class PaymentError(Exception):
    pass


async def outbound():
    await asyncio.sleep(0.1)
    raise SoldOut("Lisbon to Oslo")


async def inbound():
    await asyncio.sleep(0.4)
    log("inbound seat held")


async def flights():
    async with asyncio.TaskGroup() as legs:
        legs.create_task(outbound())
        legs.create_task(inbound())


async def hotel():
    await asyncio.sleep(0.1)
    raise PaymentError("card expired")


async def car():
    await asyncio.sleep(0.25)
    log("car reserved")


def leaves(group):
    for error in group.exceptions:
        yield from leaves(error) if isinstance(error, BaseExceptionGroup) else (error,)


async def main():
    try:
        async with asyncio.TaskGroup() as trip:
            trip.create_task(flights())
            trip.create_task(hotel())
            trip.create_task(car())
    except* SoldOut as e:
        log(f"other dates for {len(list(leaves(e)))} flight: {told(e)}")
    except* PaymentError as e:
        log(f"another card, please: {told(e)}")


run(main())
