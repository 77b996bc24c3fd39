import asyncio
import collections


class Pace:
    """At most so many starts in any window of time, first come first served."""

    def __init__(self, starts, per):
        self.starts, self.per = starts, per
        self.last = collections.deque(maxlen=starts)
        self.line = asyncio.Lock()

    async def start(self):
        async with self.line:
            if not self.starts:
                await asyncio.get_running_loop().create_future()
            clock = asyncio.get_running_loop().time
            if len(self.last) == self.starts:
                rest = round(self.last[0] + self.per - clock(), 6)
                if rest > 0:
                    await asyncio.sleep(rest)
            self.last.append(clock())

    async def __aenter__(self):
        await self.start()
        self.held += 1  #? peak
        self.peak = max(self.peak, self.held)  #? peak

    async def __aexit__(self, *error):
        """Nothing is given back."""
        self.held -= 1  #? peak

    held = peak = 0  #? peak
