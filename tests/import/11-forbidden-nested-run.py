# NEVER use asyncio.run() inside existing event loop
async def handler():
    asyncio.run(other_async())  # CRASHES - loop already running

# The call.
try:
    await handler()
except RuntimeError as e:
    print(e)
