import asyncio

from virtual_loop import log, now, run


# A pool of two threads as virtual time sees it; asyncio.to_thread would take real time.
workers = asyncio.Semaphore(2)


async def image(number):
    async with workers:
        await asyncio.sleep(0.4)
    log(f"image {number} hashed at {now()}")


async def heartbeat():
    for beat in range(1, 7):
        await asyncio.sleep(0.2)
        log(f"heartbeat {beat}")


async def main():
    async with asyncio.TaskGroup() as upload:
        for i in range(1, 6):
            upload.create_task(image(i))
        upload.create_task(heartbeat())


run(main())
