# Rate Limiting with Semaphore
class RateLimiter:
    def __init__(self, max_concurrent: int, rate: float):
        self.semaphore = asyncio.Semaphore(max_concurrent)
        self.rate = rate

    async def __aenter__(self):
        async with self.semaphore:
            await asyncio.sleep(self.rate)
        return self

    async def __aexit__(self, *args):
        pass

# Usage
async with RateLimiter(10, 0.1):  # 10 concurrent, 0.1s between
    await fetch_price("BTC")
