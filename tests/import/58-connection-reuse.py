# Connection Reuse
# ❌ Bad: New connection per request
async def fetch(url):
    async with httpx.AsyncClient() as client:
        return await client.get(url)

# ✅ Good: Reuse connection
client = httpx.AsyncClient()

async def fetch(url):
    return await client.get(url)

# Cleanup on shutdown
async def shutdown():
    await client.aclose()

# The call.
await fetch("https://api.example.com")
