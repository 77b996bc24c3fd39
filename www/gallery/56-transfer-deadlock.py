import asyncio

from virtual_loop import log, run


savings = asyncio.Lock()
checking = asyncio.Lock()


async def deposit():
    async with savings:
        await asyncio.sleep(0.01)
        async with checking:
            log("deposited")


async def withdraw():
    async with checking:
        await asyncio.sleep(0.01)
        async with savings:
            log("withdrawn")


async def main():
    async with asyncio.TaskGroup() as bank:
        bank.create_task(deposit())
        bank.create_task(withdraw())


run(main())
