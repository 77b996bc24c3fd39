import asyncio

from virtual_loop import log, run


queries = 0


async def ask(sql):
    """One round trip to the database."""
    global queries
    await asyncio.sleep(0.04)
    queries += 1


def ms(seconds):
    return f"{round(seconds * 1000)}ms"


async def main():
    global queries
    clock = asyncio.get_running_loop().time
    await ask("select id from orders")
    for order in range(1, 7):
        await ask(f"select * from lines where order_id = {order}")
    apart = clock()
    log(f"one by one: {queries} queries in {ms(apart)}")

    queries = 0
    await ask("select id from orders")
    await ask("select * from lines where order_id in (1, 2, 3, 4, 5, 6)")
    log(f"in a batch: {queries} queries in {ms(clock() - apart)}")


run(main())
