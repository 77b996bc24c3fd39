import asyncio


def path():
    """The path of the current task, which is its name."""
    task = asyncio.current_task(loop)
    return task.get_name() if task else "main"


def was_cancelled(task):
    """Whether the task of this path was cancelled."""
    names = [made.get_name() for made in loop.made if made.cancelled()]
    return task in names or f"main/{task}" in names
