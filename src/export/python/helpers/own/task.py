import asyncio
import collections


class Task:
    """A coroutine that takes turns. Cancelling it acts at once: it unwinds where it waits and gives back
    what it holds. If it meets a cleanup on its way, that has a turn of its own, and nothing cuts it short."""

    current, live = None, set()
    dropped, dropping = collections.deque(), False

    def __init__(self, coroutine, place, scope=None):
        self.coroutine, self.place, self.scope = coroutine, place, scope
        self.depth = scope.depth if scope else -1
        self.blocks = []  # the scopes, timeouts and shields that it is inside of, outermost first
        self.waits_on = self.came = None
        self.in_line = self.started = self.running = self.moved = self.over = False
        self.cancelled = self.unwinding = False
        self.pausing = None
        self.value = self.failure = self.keeper = None
        self.errors = []  # of its cleanups
        self.waiters = []
        Task.live.add(self)

    def __str__(self):
        return f"<task {self.place.path}>"

    # Turns.

    def interrupted(self):
        """Whether something from outside ends it instead of its turn."""
        return False

    def soon(self):
        """Puts it at the end of the line, unless it stands there."""
        if not self.in_line and not (isinstance(self.waits_on, asyncio.Future) and self.waits_on.done()):
            self.in_line = True
            loop.call_soon(self.turn)

    def woken(self, future):
        if future is self.waits_on or future is self.came:
            self.turn()

    def turn(self):
        self.in_line, self.came, self.moved = False, None, False
        self.expire(self.blocks)
        if not self.over and not self.moved and self.is_ready():
            self.step()

    def expire(self, blocks):
        """Cancels what is inside of those blocks whose time has come."""
        for block in [block for block in blocks if block.due]:
            if block in self.blocks and (block.protects or not self.cancelled_around(block)):
                block.fire()

    def is_ready(self):
        wait = self.waits_on
        return wait is None or (wait.done() if isinstance(wait, asyncio.Future) else wait.ready())

    def step(self, error=None):
        before, Task.current = Task.current, self
        self.started = self.running = self.moved = True
        try:
            self.waits_on = self.coroutine.throw(error) if error else self.coroutine.send(None)
        except StopIteration as end:
            self.end(end.value)
        except asyncio.CancelledError:
            self.end()
        except Exception as failure:
            self.end(failure=failure)
        else:
            if self.waits_on is None:
                self.soon()
            elif isinstance(self.waits_on, asyncio.Future):
                self.waits_on._asyncio_future_blocking = False
                self.waits_on.add_done_callback(self.woken)
        finally:
            Task.current, self.running = before, False
        if self.cancelled and not self.unwinding and not self.over:
            self.drop()

    # Cancelling.

    def cancel(self):
        if self.over or self.cancelled:
            return
        self.cancelled = True
        cancelled.add(self.place.path)  #? cancelled
        Task.dropped.append(self)
        if not Task.dropping:
            Task.dropping = True
            while Task.dropped:
                Task.dropped.popleft().drop()
            Task.dropping = False

    def drop(self):
        if self.running or self.over:
            return  # it goes on to where it waits next
        self.unwinding = True
        if not self.started:
            self.coroutine.close()
            self.end()
            return
        self.unwind(pause=Pause(by_turn=True))
        if not self.over:
            self.soon()

    def unwind(self, inside=None, pause=None):
        """Cancels what it does inside of a block, but for what a shield protects."""
        inner = self.blocks[self.blocks.index(inside) + 1 if inside else 0 :]
        guard = next((block for block in inner if block.protects), None)
        if not guard:
            self.throw(pause)
        elif isinstance(self.waits_on, Pause):
            self.waits_on.by_turn = pause is None or pause.by_turn
        else:
            guard.count_down()
        for block in reversed(inner[: inner.index(guard)] if guard else inner):
            if block in self.blocks:
                block.abandon()

    def throw(self, pause):
        self.pausing = pause
        wait = self.waits_on
        if isinstance(wait, asyncio.Future):
            if wait.done():
                self.in_line, self.came = True, wait
            else:
                wait.remove_done_callback(self.woken)
                wait.cancel()
        self.step(asyncio.CancelledError())
        self.pausing = None

    def cancelled_around(self, block):
        """What is being cancelled around a block, the outermost of it: not beyond the next shield."""
        found = None
        for outer in reversed(self.blocks[: self.blocks.index(block)]):
            found = outer if outer.unwinding else found
            if outer.protects:
                return found
        return self if self.unwinding else found

    async def pause(self):
        """The first cleanup after a cancellation begins with a turn of its own."""
        pause, self.pausing = self.pausing, None
        if pause:
            await pause

    def around(self):
        """What stands around the place where it is. A cleanup belongs to what was cancelled."""
        for block in reversed(self.blocks):
            around = self.cancelled_around(block) if block.is_cleanup else block
            if around:
                return around
        return self

    # The end.

    def end(self, value=None, failure=None):
        self.over, self.waits_on = True, None
        Task.live.discard(self)
        self.cancelled = self.unwinding
        self.value = value
        errors = [failure, *self.errors] if failure else self.errors
        if not (errors or self.cancelled):  #? cancelled
            cancelled.discard(self.place.path)  #? cancelled
        if errors:
            roles = {id(error): "cause" if error is errors[0] else LATE for error in errors}
            self.failure = Group(errors, self.scope, roles) if self.scope and errors[1:] else joined(errors)
        for waiter in self.waiters:
            waiter.soon()
        if self.scope:
            self.scope.child_ended(self, errors)

    def result(self):
        if self.failure:
            if self.keeper:
                self.keeper.give_up(self.failure)
                self.keeper = None
            raise self.failure
        if self.cancelled:
            raise TaskCancelled(f"task {self.place.path} was cancelled")
        return self.value

    def __await__(self):
        if not self.over:
            waiter = Task.current
            self.waiters.append(waiter)
            try:
                yield Wait(lambda: self.over)
            finally:
                self.waiters.remove(waiter)
        return self.result()


class Wait:
    """What a task waits for that is no future: it looks again at each of its turns."""

    def __init__(self, ready):
        self.ready = ready

    def __await__(self):
        yield self


class Pause(Wait):
    """Before a cleanup: until the next turn of the task, or until its scope says so."""

    def __init__(self, by_turn):
        self.by_turn = by_turn

    def ready(self):
        return self.by_turn
