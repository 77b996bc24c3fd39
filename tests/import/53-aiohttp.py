# aiohttp
import aiohttp

async def fetch_data(url: str) -> dict:
    async with aiohttp.ClientSession() as session:
        async with session.get(url) as response:
            return await response.json()

# Reuse session
class APIClient:
    def __init__(self):
        self.session = None

    async def start(self):
        self.session = aiohttp.ClientSession()

    async def close(self):
        if self.session:
            await self.session.close()

    async def get(self, url: str) -> dict:
        async with self.session.get(url) as response:
            return await response.json()

# The call.
print(await fetch_data("https://api.example.com"))
