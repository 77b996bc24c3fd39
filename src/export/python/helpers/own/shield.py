import asyncio


class shield:
    """Its block is not cancelled from outside: that acts when the block ends, or once the budget is spent."""

    protects, is_cleanup, due, unwinding = True, False, False, False

    def __init__(self, budget=None):
        self.budget, self.timer, self.errors = budget, None, []

    async def __aenter__(self):
        if main_task.ended:
            raise GeneratorExit  # nothing runs any more
        self.task = Task.current
        around = self.task.around()
        self.depth, self.place = around.depth + 1, around.place
        self.task.blocks.append(self)

    def count_down(self):
        if self.budget is not None and not self.timer:
            self.rank = (1, self.depth)
            self.timer = loop.call_at(loop.time() + self.budget, self)

    def __call__(self):
        self.due = True
        self.task.soon()

    def fire(self):
        self.due, self.unwinding = False, True
        self.task.unwind(self)

    def abandon(self):
        pass

    async def __aexit__(self, kind, error, trace):
        if kind is GeneratorExit:
            return
        if self.timer:
            self.timer.cancel()
        around = self.task.cancelled_around(self)
        self.task.blocks.remove(self)
        if around:
            if isinstance(error, Exception):
                around.errors.append(error)
            elif self.errors:
                around.errors.append(joined(self.errors))
            raise asyncio.CancelledError from None
