import asyncio

from virtual_loop import log, now, run


warm = asyncio.Event()


async def loader():
    await asyncio.sleep(0.2)
    warm.set()


async def read(name, delay=0):
    if delay:
        await asyncio.sleep(delay)
    await warm.wait()
    log(f"{name} reads at {now()}")
    await asyncio.sleep(0.03)


async def main():
    async with asyncio.TaskGroup() as site:
        site.create_task(loader())
        site.create_task(read("home"))
        site.create_task(read("search"))
        site.create_task(read("late", 0.3))


run(main())
