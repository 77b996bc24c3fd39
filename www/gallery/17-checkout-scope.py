import asyncio

from virtual_loop import log, run, told


class OutOfStock(Exception):
    pass


async def stock():
    await asyncio.sleep(0.15)
    raise OutOfStock("no chairs left")


async def card():
    await asyncio.sleep(0.4)
    log("card charged, 89 euros")


async def main():
    try:
        async with asyncio.TaskGroup() as checkout:
            checkout.create_task(stock())
            checkout.create_task(card())
    except* OutOfStock as e:
        log(f"nothing bought: {told(e)}")


run(main())
