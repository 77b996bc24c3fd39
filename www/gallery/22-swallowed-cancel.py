import asyncio

from virtual_loop import log, now, run, told


class FeedError(Exception):
    pass


async def poll():
    polls = 0
    try:
        while True:
            try:
                await asyncio.sleep(0.2)
                polls += 1
                if polls == 2:
                    raise FeedError(f"poll {polls} is garbled")
                log(f"poll {polls} is fine")
            except Exception as e:
                # `except BaseException` or `except CancelledError` here, and the poller would never end.
                log(f"caught, and on: {told(e)}")
    finally:
        log(f"poller ends at {now()}")


async def main():
    async with asyncio.TaskGroup() as service:
        poller = service.create_task(poll())
        await asyncio.sleep(0.7)
        poller.cancel()


run(main())
