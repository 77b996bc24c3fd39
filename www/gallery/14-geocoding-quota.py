import asyncio
import collections

from virtual_loop import log, now, run


class Pace:
    """At most so many starts in any window, first come first served."""

    def __init__(self, starts, per):
        self.per = per
        self.last = collections.deque(maxlen=starts)
        self.turn = asyncio.Lock()

    async def start(self):
        async with self.turn:
            clock = asyncio.get_running_loop().time
            if len(self.last) == self.last.maxlen:
                await asyncio.sleep(max(0, self.last[0] + self.per - clock()))
            self.last.append(clock())


quota = Pace(3, per=1)


async def address(number):
    await quota.start()
    log(f"address {number} asked at {now()}")
    await asyncio.sleep(0.12)


async def main():
    async with asyncio.TaskGroup() as geocode:
        for i in range(1, 8):
            geocode.create_task(address(i))


run(main())
