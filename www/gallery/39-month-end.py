import asyncio

from virtual_loop import log, script, work


async def read_ledger(name, delay, euros):
    await asyncio.sleep(delay)
    log(f"{name}: {euros} euros")
    return euros


async def read_all():
    async with asyncio.TaskGroup() as ledgers:
        read = [
            ledgers.create_task(read_ledger("sales", 0.3, 5200)),
            ledgers.create_task(read_ledger("rent", 0.12, -1400)),
            ledgers.create_task(read_ledger("wages", 0.21, -3100)),
        ]
    return sum(task.result() for task in read)


def main():
    work(0.04)
    log("the script has its arguments")
    result = asyncio.run(read_all())
    work(0.02)
    log(f"month closed with {result} euros")


script(main)
