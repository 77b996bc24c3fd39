import asyncio

from virtual_loop import log, run


photos = asyncio.Queue(3)
END = object()


async def worker():
    while (photo := await photos.get()) is not END:
        await asyncio.sleep(0.1)
        log(f"photo {photo} developed")


async def main():
    async with asyncio.TaskGroup() as studio:
        studio.create_task(worker())
        for photo in range(1, 4):
            await photos.put(photo)
        await photos.join()
        log("all developed")
        await photos.put(END)


run(main())
