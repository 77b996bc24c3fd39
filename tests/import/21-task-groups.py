# Task Groups (Python 3.11+)
async def process_all(orders: list[Order]) -> list[Result]:
    async with asyncio.TaskGroup() as tg:
        tasks = [tg.create_task(process_order(o)) for o in orders]

    # Collect results, raise on first exception
    results = [t.result() for t in tasks]
    return [r for r in results if not isinstance(r, Exception)]

# The call.
await process_all(["A-1", "A-2"])
