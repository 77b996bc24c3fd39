import asyncio


class timeout:
    """Cancels its block at a deadline, which wins over what ends at the same instant. The block then raises
    `Timeout`, or with `quietly` just ends: `expired` tells."""

    protects = is_cleanup = False

    def __init__(self, seconds, quietly=False):
        self.seconds, self.quietly = seconds, quietly
        self.errors = []  # of the cleanups of its body
        self.due = self.unwinding = False
        self.expired = False

    async def __aenter__(self):
        self.task = Task.current
        around = self.task.around()
        self.depth, self.place = around.depth + 1, around.place
        self.rank = (1, self.depth)
        self.deadline = loop.time() + self.seconds
        self.timer = loop.call_at(self.deadline, self)
        self.task.blocks.append(self)
        return self

    def __call__(self):
        self.due = True
        self.task.soon()

    def extend(self, seconds):
        if self.timer:
            self.abandon()
            self.seconds += seconds
            self.deadline += seconds
            self.timer = loop.call_at(self.deadline, self)
            self.task.soon()

    def abandon(self):
        self.due = False
        if self.timer:
            self.timer.cancel()

    def fire(self):
        self.due, self.timer = False, None
        self.unwinding = True
        self.task.unwind(self)

    def __str__(self):
        return f"<deadline at {self.deadline - begin:.6f}>" if self.timer else "<deadline>"

    async def __aexit__(self, kind, error, trace):
        if kind is GeneratorExit:
            return
        self.abandon()
        self.timer = None
        around = self.task.cancelled_around(self)
        self.task.blocks.remove(self)
        if around:
            around.errors.extend(self.errors)
        elif self.unwinding:
            self.expired = not self.errors
            if self.quietly and self.expired:
                return True
            raise joined([Timeout(f"timed out after {length(self.seconds)}"), *self.errors]) from None
