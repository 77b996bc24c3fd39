import asyncio

from virtual_loop import log, now, run


labels = asyncio.Queue(2)
END = object()  # Queues close from CPython 3.13 on; until then an item says so.


async def shop():
    for i in range(1, 6):
        await labels.put(i)
        log(f"label {i} queued at {now()}")
    await labels.put(END)


async def printer():
    while (label := await labels.get()) is not END:
        await asyncio.sleep(0.1)
        log(f"label {label} printed")


async def main():
    async with asyncio.TaskGroup() as dispatch:
        dispatch.create_task(shop())
        dispatch.create_task(printer())


run(main())
