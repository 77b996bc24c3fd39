# Tasks
async def main():
    # Create task (starts immediately)
    task = asyncio.create_task(fetch_data("url"))

    # Do other work...
    await asyncio.sleep(0.5)

    # Wait for task
    result = await task

    # Cancel task
    task.cancel()
    try:
        await task
    except asyncio.CancelledError:
        print("Task was cancelled")

# The call.
await main()
