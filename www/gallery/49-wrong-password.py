import asyncio

from virtual_loop import log, now, run, told


class AuthError(Exception):
    pass


async def log_in():
    await asyncio.sleep(0.1)
    log(f"asked at {now()}")
    raise AuthError("wrong password")


async def retry(attempts, first, cap, action):
    pause = first
    for attempt in range(1, attempts + 1):
        try:
            return await action()
        except Exception:
            if attempt == attempts:
                raise
        await asyncio.sleep(pause)
        pause = min(pause * 2, cap)


async def main():
    try:
        await retry(4, 0.5, 4, log_in)
    except AuthError as e:
        log(f"given up at {now()}: {told(e)}")


run(main())
