import asyncio

from virtual_loop import log, run


async def mirror(delay, name):
    await asyncio.sleep(delay)
    if name is None:
        raise ConnectionRefusedError("connection refused")
    return name


async def race_ok(*runners):
    """The first to succeed wins; the rest are cancelled before it returns."""
    tasks = [asyncio.create_task(runner) for runner in runners]
    try:
        for ended in asyncio.as_completed(tasks):
            try:
                return await ended
            except OSError:
                pass
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def main():
    winner = await race_ok(mirror(0.08, None), mirror(0.31, "Sydney"), mirror(0.24, "Dallas"))
    log(f"downloading from {winner}")


run(main())
