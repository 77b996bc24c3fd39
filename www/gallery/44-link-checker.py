import asyncio

from virtual_loop import log, run, told


class HttpError(Exception):
    pass


client = asyncio.Semaphore(4)
pages = [
    ("home", 0.12, 200),
    ("prices", 0.09, 404),
    ("docs", 2, 200),
    ("blog", 0.2, 200),
    ("jobs", 0.06, 500),
    ("legal", 0.15, 200),
]
fine = 0


async def fetch(url, delay, status):
    await asyncio.sleep(delay)
    if status >= 400:
        raise HttpError(f"{status} {url}")


async def check(page, delay, status):
    global fine
    async with client:
        async with asyncio.timeout(0.6):
            await fetch(f"https://shop.example/{page}", delay, status)
        fine += 1


async def main():
    ended = await asyncio.gather(*(check(*page) for page in pages), return_exceptions=True)
    broken = [e for e in ended if isinstance(e, HttpError)]
    slow = [e for e in ended if isinstance(e, TimeoutError)]
    if broken:
        log(f"{len(broken)} broken: {'; '.join(told(e) for e in broken)}")
    if slow:
        log(f"{len(slow)} slow: timed out after 600ms")
    log(f"{fine} of {len(pages)} links are fine")


run(main())
