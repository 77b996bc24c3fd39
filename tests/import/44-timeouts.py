# Timeouts
async def main():
    try:
        # Timeout after 5 seconds
        result = await asyncio.wait_for(
            slow_operation(),
            timeout=5.0,
        )
    except asyncio.TimeoutError:
        print("Operation timed out")

    # Using async with
    async with asyncio.timeout(5.0):
        result = await slow_operation()

# The call.
await main()
