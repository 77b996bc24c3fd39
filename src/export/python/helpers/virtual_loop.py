import asyncio
import collections
import heapq
import itertools


class VirtualLoop(asyncio.BaseEventLoop):
    """Time stands still while anything is ready, and jumps to the next timer when nothing is."""

    def __init__(self):
        super().__init__()
        self.clock_us = 0
        self.line = collections.deque()
        self.timers = []
        self.order = itertools.count()
        self.stuck = False
        self.made = []  #? tasks

    def time(self):
        return self.clock_us / 1e6

    def create_task(self, coroutine, **options):  #? tasks
        self.made.append(super().create_task(coroutine, **options))  #? tasks
        self.made[-1].add_done_callback(note)  #? fails
        return self.made[-1]  #? tasks

    def call_soon(self, callback, *args, context=None):
        handle = asyncio.Handle(callback, args, self, context)
        self.line.append(handle)
        return handle

    def call_at(self, when, callback, *args, context=None):
        # At one instant deadlines come first, then timers in the order in which they were set.
        rank = getattr(callback, "rank", (2,))  #? own
        is_deadline = isinstance(getattr(callback, "__self__", None), asyncio.Timeout)  #? plain
        rank = (1,) if is_deadline else (2,)  #? plain
        timer = asyncio.TimerHandle(when, callback, args, self, context)
        heapq.heappush(self.timers, (round(when * 1e6), rank, next(self.order), timer))
        return timer

    def _run_once(self):
        due = []
        while self.timers and (self.timers[0][0] <= self.clock_us or self.timers[0][-1].cancelled()):
            due.append(heapq.heappop(self.timers))
        # Where the clock ran past several instants, deadlines come first all the same.
        for *_, timer in sorted(due, key=lambda timer: (timer[1] == (2,), timer)):
            if not (timer.cancelled() or self._stopping):
                timer._run()
        if due or self._stopping:
            return
        if self.line:
            self.line.popleft()._run()
        elif self.timers:
            self.clock_us = self.timers[0][0]
        else:
            self.stuck = True
            self.stop()
