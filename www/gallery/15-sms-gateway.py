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


permits = asyncio.Semaphore(2)
pace = Pace(4, per=1)


async def send(number):
    async with permits:
        await pace.start()
        log(f"message {number} leaves at {now()}")
        await asyncio.sleep(0.3)


async def main():
    async with asyncio.TaskGroup() as campaign:
        for i in range(1, 7):
            campaign.create_task(send(i))


run(main())
