# Running Multiple Coroutines
import asyncio

async def fetch_url(url: str) -> dict:
    await asyncio.sleep(1)
    return {"url": url}

async def main():
    # Sequential (slow)
    result1 = await fetch_url("url1")
    result2 = await fetch_url("url2")
    # Takes ~2 seconds

    # Concurrent (fast)
    results = await asyncio.gather(
        fetch_url("url1"),
        fetch_url("url2"),
        fetch_url("url3"),
    )
    # Takes ~1 second

    # With exception handling
    results = await asyncio.gather(
        fetch_url("url1"),
        fetch_url("url2"),
        return_exceptions=True,  # Don't fail fast
    )

asyncio.run(main())
