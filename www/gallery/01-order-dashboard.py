import asyncio

from virtual_loop import log, run, told


api = asyncio.Semaphore(2)


async def fetch_part(name, delay):
    async with api:
        await asyncio.sleep(delay)
        log(f"{name} ready")
        return name


async def prefs():
    await asyncio.sleep(0.25)
    raise ValueError("prefs are corrupt")


async def main():
    try:
        async with asyncio.timeout(3):
            async with asyncio.TaskGroup() as dashboard:
                dashboard.create_task(fetch_part("user", 0.4))
                dashboard.create_task(fetch_part("orders", 1.2))
                dashboard.create_task(prefs())
    except* ValueError as group:
        log(f"lost: {told(group)}")


run(main())
