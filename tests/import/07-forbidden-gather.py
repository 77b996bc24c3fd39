# NEVER use gather() for new code
results = await asyncio.gather(task1(), task2())  # LEGACY
