# Cancellation Handling
async def cancellable_operation(resource_id: str) -> dict:
    """Properly handle cancellation - NEVER swallow CancelledError."""
    resource = await acquire_resource(resource_id)
    try:
        return await process_resource(resource)
    except asyncio.CancelledError:
        # Clean up but RE-RAISE - this is critical!
        await cleanup_resource(resource)
        raise  # ALWAYS re-raise CancelledError
    finally:
        await release_resource(resource)

# The call.
async with asyncio.TaskGroup() as tg:
    task = tg.create_task(cancellable_operation("r-1"))
    await asyncio.sleep(0.15)
    task.cancel()
