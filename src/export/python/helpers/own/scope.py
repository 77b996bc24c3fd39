import asyncio


class Scope:
    """Waits for its tasks. The first failure cancels the rest of them and its body, all at one instant, and
    every error leaves as one group. Where it only collects, a failure cancels nobody."""

    protects = is_cleanup = due = False

    def __init__(self, name="scope", collect=False):
        self.name, self.collects = name, collect
        self.children = {}
        self.errors = []  # of the cleanups of its body
        self.failures, self.known = [], set()
        self.deciding = self.unwinding = self.refuses = self.acts = False
        self.body_is_over = self.left = self.closed = False
        self.waiting = Wait(lambda: False)

    async def __aenter__(self):
        self.task = Task.current
        around = self.task.around()
        self.depth = around.depth + 1
        self.place = around.place.below(self.name) if self.name else around.place
        self.name = self.place.name if self.name else ""
        self.task.blocks.append(self)
        return self

    def create_task(self, coroutine, name="task", quiet=False):
        task = Task(coroutine, self.place.below(name), self)
        task.quiet = quiet
        self.children[task] = None
        if self.refuses:
            task.cancel()
        else:
            task.soon()
        return task

    async def __aexit__(self, kind, error, trace):
        if kind is GeneratorExit:
            return
        self.body_is_over = True
        cancelled = isinstance(error, asyncio.CancelledError)
        if error and not cancelled:
            self.fail(error, "body")
            self.decide()
        if not cancelled or not self.task.cancelled_around(self):
            try:
                await self.wait()
            except asyncio.CancelledError:
                cancelled = True
        if self.task.cancelled_around(self):
            await self.leave()
            raise asyncio.CancelledError from None
        self.close()
        if self.failures:
            raise self.group() from None
        return True

    async def wait(self):
        """Until body, cleanups and tasks are over."""
        if not self.children and self.place.is_bare() and not self.deciding:
            # An empty scope lets the others have a turn.
            self.act_soon()
            await self.waiting
        while self.children:
            await self.waiting
        for error in self.errors:
            self.fail(error, LATE)

    async def leave(self):
        """Cancelled from outside: its tasks clean up first, and its errors go to what was cancelled."""
        self.abandon()
        if self.children:
            await self.task.pause()
            while self.children:
                try:
                    await Wait(lambda: not self.children)
                except asyncio.CancelledError:
                    pass  # so is more around it now: that waits for them as well
        around = self.task.cancelled_around(self)
        self.close()
        if self.failures or self.errors:
            await self.task.pause()
        around.errors.extend([*self.errors, self.group()] if self.failures else self.errors)

    def abandon(self):
        self.left = self.refuses = True
        for task in list(self.children):
            task.cancel()

    def close(self):
        self.closed = True
        self.task.blocks.remove(self)

    # What happens to its tasks.

    def child_ended(self, task, errors):
        del self.children[task]
        if not task.quiet:
            for error in errors:
                self.fail(error, LATE if task.cancelled else "cause")
            if self.collects:
                task.keeper = self
            elif errors:
                self.decide()
        if not self.children:
            self.task.soon() if self.left else self.act_soon()

    def decide(self):
        """To cancel everything inside, when its turn comes: those ahead of it in line go first."""
        if not (self.deciding or self.collects or self.refuses):
            self.deciding = True
            self.act_soon()

    def act_soon(self):
        if not self.acts:
            self.acts = True
            loop.call_soon(self.act)

    def act(self):
        self.acts = False
        if self.left or self.closed or self.task.interrupted():
            return
        self.task.expire(self.task.blocks[: self.task.blocks.index(self)])
        if self.left or self.closed:
            return
        if self.deciding and not self.unwinding:
            self.unwinding = self.refuses = True
            if not self.body_is_over:
                self.task.unwind(self, Pause(by_turn=False))
            for task in list(self.children):
                task.cancel()
            if self.children:
                # Their cleanups are in line; that of the body comes behind them.
                self.act_soon()
                return
        if isinstance(self.task.waits_on, Pause) or self.task.waits_on is self.waiting and not self.children:
            self.task.step()

    # Errors.

    def fail(self, error, role):
        """Keeps an error: each of its leaves once, however often it is raised on."""
        new = part(error, lambda leaf: id(leaf) not in self.known)
        if new:
            self.known.update(id(leaf) for leaf in leaves(new))
            self.failures.append((role, new))

    def give_up(self, error):
        """An error was given to somebody, who may raise it on."""
        given = {id(leaf) for leaf in leaves(error)}
        kept = [(role, part(error, lambda leaf: id(leaf) not in given)) for role, error in self.failures]
        self.failures = [(role, error) for role, error in kept if error]
        self.known -= given

    def group(self):
        return Group([error for _, error in self.failures], self, {id(error): role for role, error in self.failures})
