import asyncio

from virtual_loop import log, run


tickets = 10


async def sell(buyer):
    global tickets
    seen = tickets
    await asyncio.sleep(0.05)
    tickets = seen - 1
    log(f"{buyer} has one")


async def main():
    async with asyncio.TaskGroup() as box_office:
        for buyer in ("Ada", "Grace", "Linus"):
            box_office.create_task(sell(buyer))
    log(f"3 sold of 10, {tickets} left")


run(main())
