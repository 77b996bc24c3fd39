import asyncio

from virtual_loop import log, now, run


async def work_on():
    try:
        while True:
            await asyncio.sleep(0.2)
            log("batch written")
    finally:
        await asyncio.sleep(0.1)
        log("worker tidied up")


async def main():
    stop = asyncio.Event()
    # In a program: loop.add_signal_handler(signal.SIGTERM, stop.set).
    asyncio.get_running_loop().call_at(0.7, stop.set)

    async with asyncio.TaskGroup() as service:
        worker = service.create_task(work_on())
        await stop.wait()
        log(f"asked to stop at {now()}")
        worker.cancel()
    log(f"down at {now()}")


run(main())
