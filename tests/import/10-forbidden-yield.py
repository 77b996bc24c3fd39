# NEVER yield inside async context managers (PEP 789)
async def items():
    async with asyncio.timeout(10):
        yield item  # DANGEROUS - cancellation bugs!

# The call.
item = "first"
async for it in items():
    print(it)
