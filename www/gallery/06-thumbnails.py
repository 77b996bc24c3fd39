import asyncio

from virtual_loop import log, run


resized = 0


async def thumbnail(file, cost):
    global resized
    await asyncio.sleep(cost)
    resized += 1
    log(f"{file} resized")


async def main():
    try:
        async with asyncio.timeout(1):
            async with asyncio.TaskGroup() as thumbnails:
                thumbnails.create_task(thumbnail("cat.jpg", 0.3))
                thumbnails.create_task(thumbnail("harbor.jpg", 0.75))
                thumbnails.create_task(thumbnail("forest.jpg", 1.3))
            log("all are resized")
    except TimeoutError:
        log(f"sent with {resized} of 3")


run(main())
