def path():
    """The path of the current task."""
    return (Task.current or main_task).place.path


def was_cancelled(task):
    """Whether the task of this path was cancelled."""
    return task in cancelled or f"main/{task}" in cancelled


cancelled = set()  #? cancelled
