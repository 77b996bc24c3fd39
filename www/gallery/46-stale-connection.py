import asyncio
from contextlib import asynccontextmanager

from virtual_loop import log, now, run


restarts = 0
kept = []


async def connect():
    await asyncio.sleep(0.1)
    log("connected")
    return restarts


async def is_alive(conn):
    """`select 1`, a round trip."""
    await asyncio.sleep(0.005)
    return conn == restarts


@asynccontextmanager
async def checked_out():
    """A pool of one that asks before use, as `pool_pre_ping` does."""
    conn = kept.pop() if kept else await connect()
    if not await is_alive(conn):
        log("the kept connection is dead")
        conn = await connect()
    try:
        yield conn
    finally:
        kept.append(conn)


async def make(report):
    async with checked_out():
        await asyncio.sleep(0.15)
        log(f"{report} read at {now()}")


def restart():
    global restarts
    restarts += 1


async def main():
    asyncio.get_running_loop().call_at(0.5, restart)
    await make("sales")
    await asyncio.sleep(0.4)
    await make("stock")


run(main())
