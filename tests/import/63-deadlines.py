# Beyond the documents: nested timeouts, a deadline that moves, retries
import asyncio


class FeedError(Exception):
    pass


attempts = 0


async def read(feed, delay):
    global attempts
    attempts += 1
    await asyncio.sleep(delay)
    if attempts < 3:
        raise FeedError(f"{feed} is garbled")
    return feed


async def main():
    for attempt in range(1, 4):
        try:
            async with asyncio.timeout(0.5):
                print(await read("prices", 0.1))
                break
        except FeedError as e:
            print(f"attempt {attempt}: {e}")
    try:
        async with asyncio.timeout(0.3) as patience:
            for part in range(1, 4):
                await asyncio.sleep(0.2)
                patience.reschedule(patience.when() + 0.1)
                print(f"part {part}")
    except TimeoutError:
        print("too slow")
    start = asyncio.get_running_loop().time()
    await asyncio.sleep(0.25)
    print(asyncio.get_running_loop().time() - start)


asyncio.run(main())
