import asyncio


class retry:
    """Attempts, until one succeeds; the error of the last leaves. The pauses between them double, up to a cap."""

    def __init__(self, attempts, first=None, cap=float("inf"), jitter=False):
        if first is not None and cap < first:
            raise ValueError("the longest pause is shorter than the first")
        self.attempts, self.pause, self.cap, self.jitter = attempts, first, cap, jitter
        self.made, self.over = 0, False

    def __aiter__(self):
        return self

    async def __anext__(self):
        if self.over:
            raise StopAsyncIteration
        if self.made and self.pause is not None:
            pause = min(self.pause, self.cap)
            if self.jitter:  #? jitter
                pause = chance.draw() % (round(pause * 1e6) + 1) / 1e6 if pause else 0  #? jitter
            await sleep(pause)  #? held
            await asyncio.sleep(pause)  #? free
            self.pause *= 2
        self.made += 1
        return self

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        self.over = not error
        return isinstance(error, Exception) and self.made < self.attempts
