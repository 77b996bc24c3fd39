import asyncio
import dataclasses
import math
import time
import urllib.error
import urllib.request


@dataclasses.dataclass
class Response:
    """What a request was answered."""

    status: int
    body: str

    def __str__(self):
        return f"<response {self.status}>"


async def fetch(url, takes=0.1, status=200, body=""):
    """A request. It stands for one that takes so long and is answered so; of a whole address it is made for real,
    unless time is virtual."""
    if url.startswith(("http://", "https://")) and not isinstance(loop, VirtualLoop):
        status, body = await asyncio.to_thread(get, url)
    else:
        await sleep(takes)  #? held
        await asyncio.sleep(takes)  #? free
    if status >= 400:
        raise HttpError(f"{status} {url}")
    return Response(status, body)


def http_status(value):
    if type(value) is not int or not 100 <= value <= 599:
        raise ValueError(f"{show(value)} is no HTTP status")
    return value


def get(url):
    try:
        with urllib.request.urlopen(url) as answer:
            return answer.status, answer.read().decode(errors="replace")
    except urllib.error.HTTPError as error:
        return error.code, ""


async def query(sql, takes=0.1, rows=()):
    """A question to a database. It stands for one that takes so long and gives these rows."""
    await sleep(takes)  #? held
    await asyncio.sleep(takes)  #? free
    return list(rows)


def query_text(value):
    if not isinstance(value, str):
        raise TypeError(f"`query` wants a text, not {sort_of(value)}")
    return value


def rows(value):
    if not isinstance(value, list):
        raise TypeError(f"a query gives a list, not {sort_of(value)}")
    return value


async def sleep(seconds):
    """As asyncio's, but one of no time is a timer too: others that are due come before it."""
    done = asyncio.get_running_loop().create_future()
    timer = asyncio.get_running_loop().call_later(seconds, done.set_result, None)
    try:
        await done
    finally:
        timer.cancel()


def work(seconds):
    """Computation on the loop: nothing else runs meanwhile."""
    if isinstance(loop, VirtualLoop):
        loop.clock_us += round(seconds * 1e6)
    else:
        time.sleep(seconds)


async def offload(function, *args, takes=0.1):
    """Blocking work in a thread, of which there are so many. In virtual time it takes as long as is said."""
    async with workers:
        if not isinstance(loop, VirtualLoop):
            return await asyncio.to_thread(function, *args)
        await sleep(takes)  #? held
        await asyncio.sleep(takes)  #? free
        return function(*args)


def primes(n):
    """How many primes there are up to n."""
    in_bounds("primes", n, 10_000_000)
    sieve = bytearray([1]) * (n + 1)
    sieve[:2] = bytes(min(2, n + 1))
    for i in range(2, math.isqrt(n) + 1):
        if sieve[i]:
            sieve[i * i :: i] = bytes(len(range(i * i, n + 1, i)))
    return sum(sieve)


def fib(n):
    """The n-th Fibonacci number."""
    in_bounds("fib", n, 45)
    a, b = 0, 1
    for _ in range(n):
        a, b = b, a + b
    return a


def collatz(n):
    """The most steps that any number up to n needs to reach 1, halving even and 3x+1 odd ones."""
    in_bounds("collatz", n, 1_000_000)
    most = 0
    for start in range(1, n + 1):
        x, steps = start, 0
        while x > 1:
            x, steps = x // 2 if x % 2 == 0 else 3 * x + 1, steps + 1
        most = max(most, steps)
    return most


async def hold_worker(seconds):
    """Blocking work that takes so long and gives nothing."""
    await offload(idle, seconds, takes=seconds)


def idle(seconds):
    us = round(seconds * 1e6)
    if us > 600_000_000:
        raise WorkerCrashed(f"`busy` takes a number from 0 to 600000000, found {us}")
    if not isinstance(loop, VirtualLoop):
        time.sleep(seconds)


def in_bounds(name, n, most):
    if not 0 <= n <= most:
        raise WorkerCrashed(f"`{name}` takes a number from 0 to {most}, found {n}")
