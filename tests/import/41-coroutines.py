# Coroutines and Tasks
import asyncio

# Define coroutine
async def fetch_data(url: str) -> dict:
    await asyncio.sleep(1)  # Simulate I/O
    return {"url": url, "data": "..."}

# Run coroutine
async def main():
    result = await fetch_data("https://api.example.com")
    print(result)

asyncio.run(main())
