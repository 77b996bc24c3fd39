def detach(function, name):
    """Fire and forget: a task that nobody waits for. It has a scope of its own for what it spawns, and ends with
    the run."""
    task = Detached(in_own_scope(function), DETACHED.below(name))
    detached.append(task)
    task.soon()
    return task


class Detached(Task):
    def end(self, value=None, failure=None):
        super().end(value, failure)
        main_task.stop_when_all_is_over()


async def in_own_scope(function):
    try:
        async with Scope("") as scope:
            return await function(scope)
    except Group as group:
        if len(group.exceptions) > 1:
            raise
        raise group.exceptions[0] from None


DETACHED = Place("detached")
