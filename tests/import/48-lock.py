# Lock
import asyncio

class Counter:
    def __init__(self):
        self.value = 0
        self._lock = asyncio.Lock()

    async def increment(self):
        async with self._lock:
            current = self.value
            await asyncio.sleep(0.01)  # Simulate work
            self.value = current + 1

# The call.
counter = Counter()
async with asyncio.TaskGroup() as tg:
    for _ in range(3):
        tg.create_task(counter.increment())
print(counter.value)
