import asyncio

from virtual_loop import log, now, run


class Database:
    async def __aenter__(self):
        await asyncio.sleep(0.12)
        log("connected")
        return self

    async def __aexit__(self, *error):
        await asyncio.sleep(0.04)
        log("disconnected")


async def main():
    try:
        async with asyncio.timeout(0.25):
            async with Database():
                await asyncio.sleep(0.3)
                log("report read")
    except TimeoutError:
        log(f"gave up at {now()}")


run(main())
