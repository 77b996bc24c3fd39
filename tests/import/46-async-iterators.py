# Async Iterator
class AsyncRange:
    def __init__(self, start: int, end: int):
        self.start = start
        self.end = end

    def __aiter__(self):
        self.current = self.start
        return self

    async def __anext__(self):
        if self.current >= self.end:
            raise StopAsyncIteration
        await asyncio.sleep(0.1)  # Simulate async work
        value = self.current
        self.current += 1
        return value

# Usage
async for num in AsyncRange(0, 5):
    print(num)

# Async generator (simpler)
async def async_range(start: int, end: int):
    for i in range(start, end):
        await asyncio.sleep(0.1)
        yield i

async for num in async_range(0, 5):
    print(num)
