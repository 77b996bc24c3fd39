import asyncio

from virtual_loop import log, now, run


lines = asyncio.Queue(1)
END = object()


async def reader():
    try:
        # Inside an async generator this `timeout` would be worse: a `yield` in it lets the deadline cut whoever
        # uses the generator (PEP 789).
        async with asyncio.timeout(0.4):
            for number in range(1, 6):
                await asyncio.sleep(0.05)
                log(f"line {number} read")
                await lines.put(number)
    except TimeoutError:
        log(f"the reader is cut at {now()}")
    await lines.put(END)


async def printer():
    while (line := await lines.get()) is not END:
        await asyncio.sleep(0.2)
        log(f"line {line} printed at {now()}")


async def main():
    async with asyncio.TaskGroup() as office:
        office.create_task(reader())
        office.create_task(printer())


run(main())
