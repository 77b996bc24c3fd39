import asyncio

from virtual_loop import log, now, run


photos = asyncio.Queue(2)
END = object()  # One for each worker: the same as closing.
costs = [0.3, 0.2, 0.4, 0.2, 0.3]


async def worker(number):
    while (photo := await photos.get()) is not END:
        await asyncio.sleep(costs[photo])
        log(f"photo {photo} developed")
        photos.task_done()
    log(f"worker {number} goes home")


async def main():
    async with asyncio.TaskGroup() as studio:
        for number in (1, 2):
            studio.create_task(worker(number))
        for photo in range(5):
            await photos.put(photo)
        log(f"all handed in at {now()}")
        await photos.join()
        log(f"all developed at {now()}")
        for _ in range(2):
            await photos.put(END)


run(main())
