import asyncio

from virtual_loop import log, run


async def write_audit(order):
    await asyncio.sleep(0.3)
    log(f"audit entry of {order} written")


async def main():
    # Nothing keeps this task: it ends with the loop, or earlier, when the collector finds it.
    asyncio.create_task(write_audit("A-1031"))
    await asyncio.sleep(0.1)
    log("order A-1031 placed")


run(main())
