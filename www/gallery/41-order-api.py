import asyncio

from virtual_loop import log, run


class HttpError(Exception):
    pass


async def fetch(url, delay, status, answer):
    """What httpx or aiohttp do; here after a time that is given."""
    await asyncio.sleep(delay)
    return status, answer


class OrderApi:
    def __init__(self, base, timeout_s):
        self.base, self.timeout_s = base, timeout_s

    async def get(self, path, *simulated):
        try:
            async with asyncio.timeout(self.timeout_s):
                status, answer = await fetch(self.base + path, *simulated)
        except TimeoutError:
            raise TimeoutError(f"timed out after {self.timeout_s}s") from None
        if status >= 400:
            raise HttpError(f"{status} {self.base}{path}")
        return answer


api = OrderApi("https://shop.example/api", timeout_s=1)


async def show(path, *simulated):
    try:
        log(f"{path}: {await api.get(path, *simulated)}")
    except (HttpError, TimeoutError) as e:
        log(f"{path}: {e}")


async def main():
    async with asyncio.TaskGroup() as desk:
        desk.create_task(show("/orders/1031", 0.08, 200, "paid, 89 euros"))
        desk.create_task(show("/orders/9999", 0.04, 404, ""))
        desk.create_task(show("/orders/1032", 3, 200, "packed"))


run(main())
