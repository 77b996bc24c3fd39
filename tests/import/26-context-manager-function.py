# Contextlib asynccontextmanager
from contextlib import asynccontextmanager

@asynccontextmanager
async def managed_resource():
    resource = await acquire()
    try:
        yield resource
    finally:
        await resource.release()

# Usage
async with managed_resource() as r:
    await r.execute()
