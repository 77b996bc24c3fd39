import asyncio

from virtual_loop import log, run


async def answer(delay, value):
    await asyncio.sleep(delay)
    return value


async def main():
    async with asyncio.TaskGroup() as profile:
        user = profile.create_task(answer(0.12, "Ada"))
        orders = profile.create_task(answer(0.34, [1031, 1077, 1102]))
        prefs = profile.create_task(answer(0.21, "dark"))

        log(f"hello {await user}")

        history = await orders
        theme = await prefs
        log(f"{len(history)} orders in the {theme} theme")


run(main())
