# NEVER swallow CancelledError
try:
    await work()
except asyncio.CancelledError:
    pass  # BREAKS TaskGroup and timeout!
