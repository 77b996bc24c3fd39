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
    order = [asyncio.create_task(stock()), asyncio.create_task(card())]
    try:
        await asyncio.gather(*order)
        log("order placed")
    except OutOfStock as e:
        log(f"nothing bought: {told(e)}")
    # The shop stays open, and so the charge comes through.
    await asyncio.wait(order)


run(main())
