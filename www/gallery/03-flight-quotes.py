import asyncio

from virtual_loop import log, now, run


async def quote(airline, delay, euros):
    await asyncio.sleep(delay)
    log(f"{airline} asks {euros} euros")
    return euros


async def main():
    first = await quote("Borealis", 0.3, 189)
    second = await quote("Meridian", 0.3, 204)
    log(f"two in a row by {now()}: {min(first, second)} euros")

    async with asyncio.TaskGroup() as quotes:
        asked = [
            quotes.create_task(quote("Borealis", 0.3, 189)),
            quotes.create_task(quote("Meridian", 0.35, 204)),
            quotes.create_task(quote("Calypso", 0.2, 176)),
        ]
    cheapest = min(task.result() for task in asked)
    log(f"three together by {now()}: {cheapest} euros")


run(main())
