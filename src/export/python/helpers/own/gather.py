import asyncio


async def gather(scope, *tasks, name="gather", keep=False):
    """Waits for named coroutines, tasks of the scope, and gives a list of what they give. The first error leaves
    at once, while the others go on; or, to `keep`, errors stand in the list."""
    name = scope.place.below(name).name
    tasks = [scope.create_task(coroutine, f"{name}/{task}", quiet=True) for task, coroutine in tasks]
    waiter = Task.current
    for task in tasks:
        task.waiters.append(waiter)
    try:
        while not (all(task.over for task in tasks) or first_lost(tasks) and not keep):
            await Wait(lambda: True)
    except asyncio.CancelledError:
        for task in tasks:
            task.cancel()
        raise
    finally:
        for task in tasks:
            task.waiters.remove(waiter)
    if not keep and first_lost(tasks):
        first_lost(tasks).result()
    return [value_or_error(task) for task in tasks]


def first_lost(tasks):
    """The task that failed first of those that gave nothing."""
    lost = [task for task in tasks if task.over and (task.failure or task.cancelled)]
    return min(lost, key=lambda task: leaves(task.failure)[0].number if task.failure else 0, default=None)


def value_or_error(task):
    """What a task gave, or its error."""
    try:
        return task.result()
    except Exception as error:
        return error
