class Race(Scope):
    """The first task to end wins, or the first to succeed; the rest are cancelled and clean up first."""

    def __init__(self, name, ok):
        super().__init__(name)
        self.ok, self.winner = ok, None

    def child_ended(self, task, errors):
        lost = self.winner and not task.cancelled
        if not (self.winner or task.cancelled or task.quiet or errors and self.ok):
            self.winner = task
            if not errors:
                self.failures.clear()
            self.decide()
        super().child_ended(task, [] if lost else errors)

    def decide(self):
        if self.winner or not self.ok:
            super().decide()


async def race(*tasks, name="race", ok=False):
    """Runs named coroutines against each other and gives what the winner gives. Those that spawn tasks beside
    themselves come as functions of the scope."""
    scope = Race(name, ok)
    try:
        async with scope:
            for task, coroutine in tasks:
                scope.create_task(coroutine(scope) if callable(coroutine) else coroutine, task)
    except Group as group:
        if ok or len(group.exceptions) > 1:
            raise
        raise group.exceptions[0] from None
    if not scope.winner:
        raise TaskCancelled("every task of the race was cancelled")
    return scope.winner.result()
