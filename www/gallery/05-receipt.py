import asyncio

from virtual_loop import log, now, run


async def send_receipt(order):
    await asyncio.sleep(0.3)
    log(f"receipt for {order} sent at {now()}")


async def main():
    async with asyncio.TaskGroup() as without_await:
        # Without `create_task` the call alone would never run: a coroutine does nothing until it is awaited.
        without_await.create_task(send_receipt("A-7"))
        log(f"A-7 done at {now()}")

    await send_receipt("A-8")
    log(f"A-8 done at {now()}")


run(main())
