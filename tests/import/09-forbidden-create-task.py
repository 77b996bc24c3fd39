# NEVER use create_task() without TaskGroup
asyncio.create_task(background_work())  # Fire and forget = leaked task

# The call.
await asyncio.sleep(0.2)
