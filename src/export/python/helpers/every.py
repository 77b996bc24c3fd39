import asyncio


class every:
    """Items at a fixed rate, the first at once. A late one does not shift the others."""

    def __init__(self, seconds, items):
        self.seconds, self.items, self.due = seconds, iter(items), None

    def __aiter__(self):
        return self

    async def __anext__(self):
        item = next(self.items, None)
        if item is None:
            raise StopAsyncIteration
        clock = asyncio.get_running_loop().time
        if self.due is None:
            self.due = clock()
        else:
            self.due += self.seconds
            await sleep(max(0, round(self.due - clock(), 6)))  #? held
            await asyncio.sleep(max(0, round(self.due - clock(), 6)))  #? free
        return item
