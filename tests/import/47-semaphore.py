# Semaphore (Rate Limiting)
import asyncio

async def fetch_with_limit(url: str, semaphore: asyncio.Semaphore):
    async with semaphore:
        # Only N concurrent requests
        return await fetch_url(url)

async def main():
    urls = ["url1", "url2", "url3", ...]

    # Limit to 10 concurrent requests
    semaphore = asyncio.Semaphore(10)

    tasks = [fetch_with_limit(url, semaphore) for url in urls]
    results = await asyncio.gather(*tasks)

# The call.
await main()
