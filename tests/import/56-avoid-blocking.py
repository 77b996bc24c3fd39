# Avoid Blocking Calls
import asyncio
from functools import partial

# ❌ Bad: Blocks event loop
def blocking_io():
    time.sleep(1)
    return "result"

async def bad_example():
    result = blocking_io()  # Blocks!

# ✅ Good: Run in executor
async def good_example():
    loop = asyncio.get_running_loop()
    result = await loop.run_in_executor(None, blocking_io)
    return result

# ✅ Better: Use async library
async def better_example():
    await asyncio.sleep(1)
    return "result"

# The call.
print(await good_example())
print(await better_example())
print(await bad_example())
