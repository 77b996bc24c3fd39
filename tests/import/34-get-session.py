# Async Context Managers
from contextlib import asynccontextmanager

@asynccontextmanager
async def get_session():
    session = aiohttp.ClientSession()
    try:
        yield session
    finally:
        await session.close()

# The call.
async with get_session() as session:
    print("inside")
