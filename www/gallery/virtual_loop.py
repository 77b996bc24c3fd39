"""An asyncio event loop in virtual time, and what the programs beside it print.

Time stands still while anything is ready and jumps to the next timer when nothing is.
Instants are whole microseconds, as in Taskscope. Two things that asyncio leaves open are
settled as Taskscope settles them: timers of one instant run in the order in which they were
set (asyncio's heap keeps no order), and deadlines of `asyncio.timeout` come before them.
"""

import asyncio
import heapq
import itertools
import selectors


class Deadlock(Exception):
    """Nothing can ever happen again."""


class _Timer(asyncio.TimerHandle):
    def __init__(self, rank, when, callback, args, loop, context):
        super().__init__(when, callback, args, loop, context)
        self.rank = rank

    def __lt__(self, other):
        return (self._when, self.rank) < (other._when, other.rank)


class _NoSockets(selectors.BaseSelector):
    """Nothing outside is waited for; asked to wait, it moves the clock."""

    def __init__(self):
        self.loop = None

    def select(self, timeout=None):
        if timeout is None:
            raise Deadlock("nothing is ready and no timer is set")
        if timeout > 0:
            VirtualLoop.clock = max(VirtualLoop.clock, self.loop._scheduled[0]._when)
        return []

    def register(self, fileobj, events, data=None):
        return selectors.SelectorKey(fileobj, 0, events, data)

    def unregister(self, fileobj):
        return selectors.SelectorKey(fileobj, 0, 0, None)

    def get_map(self):
        return {}


class VirtualLoop(asyncio.SelectorEventLoop):
    # One clock for the whole program: a loop that is started later goes on where the last one stopped.
    clock = 0.0

    def __init__(self):
        selector = _NoSockets()
        selector.loop = self
        self._order = itertools.count()
        super().__init__(selector)
        self._clock_resolution = 1e-7

    def time(self):
        return VirtualLoop.clock

    def call_later(self, delay, callback, *args, context=None):
        return self.call_at(self.time() + delay, callback, *args, context=context)

    def call_at(self, when, callback, *args, context=None):
        deadline = getattr(callback, "__func__", None) is asyncio.Timeout._on_timeout
        rank = (0 if deadline else 1, next(self._order))
        timer = _Timer(rank, round(when, 6), callback, args, self, context)
        heapq.heappush(self._scheduled, timer)
        timer._scheduled = True
        return timer


class _Policy(asyncio.DefaultEventLoopPolicy):
    _loop_factory = VirtualLoop


def work(seconds):
    """Computation: in a running loop, nothing else runs meanwhile."""
    VirtualLoop.clock = round(VirtualLoop.clock + seconds, 6)


def now():
    """The instant as Taskscope prints a length of time."""
    us = round(VirtualLoop.clock * 1e6)
    if us == 0:
        return "0s"
    for size, unit in ((1_000_000, "s"), (1_000, "ms"), (1, "us")):
        if us >= size:
            return f"{us / size:.10g}{unit}"


def log(text):
    print(f"{VirtualLoop.clock:.6f}  {text}")


def told(error):
    """An error as Taskscope prints it; of a group, its leaves."""
    if isinstance(error, BaseExceptionGroup):
        return "; ".join(told(leaf) for leaf in error.exceptions)
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__


def run(main):
    """Runs the coroutine as `asyncio.run` does, then prints how and when it ended."""
    script(lambda: asyncio.run(main))


def script(main):
    """Calls a plain function in which `asyncio.run` has virtual time, then prints how and when it ended."""
    asyncio.set_event_loop_policy(_Policy())
    try:
        main()
        outcome = "ok"
    except Deadlock:
        outcome = "deadlock"
    except asyncio.CancelledError:
        outcome = "cancelled"
    print(f"outcome: {outcome}")
    print(f"elapsed: {VirtualLoop.clock:.6f}")
