import asyncio

from virtual_loop import log, run


class HttpError(Exception):
    pass


connections = 0
refused = 0


async def fetch(url, delay, status):
    await asyncio.sleep(delay)
    if status >= 400:
        raise HttpError(f"{status} {url}")


async def visit(link):
    global connections, refused
    connections += 1
    answer = 200 if connections <= 10 else 503
    try:
        await fetch(f"api/links/{link}", 0.1, answer)
    except HttpError:
        refused += 1
    connections -= 1


async def main():
    async with asyncio.timeout(5):
        async with asyncio.TaskGroup() as crawl:
            for link in range(1, 31):
                crawl.create_task(visit(link))
    log(f"{refused} of 30 refused")


run(main())
