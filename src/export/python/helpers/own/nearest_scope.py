def nearest_scope():
    """The scope around the place where the current task is."""
    scopes = [block for block in Task.current.blocks if isinstance(block, Scope)]
    return scopes[-1] if scopes else Task.current.scope or NoScope()


class NoScope:
    """What is left of the root scope when it has ended."""

    def __init__(self):
        self.place = Place("main")

    def create_task(self, coroutine, name="task", quiet=False):
        coroutine.close()
        raise ValueError(f"no scope is left for task {name}")
