import asyncio

from virtual_loop import log, now, run


async def weigh():
    await asyncio.sleep(0.4)
    return "11.2 kg"


async def pick_up():
    await asyncio.sleep(5)
    log("the van is here")


async def main():
    async with asyncio.TaskGroup() as depot:
        scale = depot.create_task(weigh())

        await asyncio.sleep(0.15)
        log("label printed meanwhile")

        weight = await scale
        log(f"weighed at {now()}: {weight}")

        pickup = depot.create_task(pick_up())
        await asyncio.sleep(0.1)
        pickup.cancel()
        try:
            await pickup
        except asyncio.CancelledError:
            # Taken for the pickup's; asyncio cannot tell it from a cancellation of this task.
            log(f"pickup called off at {now()}")


run(main())
