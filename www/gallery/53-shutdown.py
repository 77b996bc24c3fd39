import asyncio

from virtual_loop import log, run


async def requests():
    try:
        for i in range(1, 101):
            await asyncio.sleep(0.4)
            log(f"request {i} served")
    finally:
        await asyncio.sleep(0.2)
        log("connections drained")


async def metrics():
    try:
        await asyncio.sleep(60)
    finally:
        await asyncio.sleep(0.5)
        log("metrics flushed")


async def main():
    loop = asyncio.get_running_loop()
    # In a program: loop.add_signal_handler(signal.SIGTERM, …).
    loop.call_at(1, asyncio.current_task().cancel)
    async with asyncio.TaskGroup() as server:
        running = [server.create_task(requests()), server.create_task(metrics())]
        for task in running:
            # The grace is over: a second cancellation cuts the cleanup that the first began.
            loop.call_at(1.3, task.cancel)


run(main())
