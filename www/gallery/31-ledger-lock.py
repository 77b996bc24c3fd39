import asyncio

from virtual_loop import log, now, run


ledger = asyncio.Lock()
balance = 0


async def fetch(url, delay):
    await asyncio.sleep(delay)


async def post(euros, currency):
    global balance
    async with ledger:
        await fetch(f"api/rates/{currency}.json", 0.4)
        balance += euros
        log(f"{euros} euros posted")


async def display():
    await asyncio.sleep(0.01)
    async with ledger:
        log(f"balance {balance} at {now()}")


async def main():
    async with asyncio.timeout(5):
        async with asyncio.TaskGroup() as day:
            day.create_task(post(-900, "usd"))
            day.create_task(post(2400, "chf"))
            day.create_task(post(3, "gbp"))
            day.create_task(display())


run(main())
