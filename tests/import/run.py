"""Runs the programs that it is told in virtual time, with a stand-in for each name that one does not hold.

A stand-in waits 100 ms when it is awaited or handed to a thread, logs its name and gives it. So do those that the
importer writes into a scenario.
"""

import ast
import asyncio
import contextlib
import inspect
import pathlib
import sys
import time
import types

sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "www" / "gallery"))
import virtual_loop  # noqa: E402


class StandIn(str):
    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return StandIn(name)

    async def __call__(self, *args, **named):
        await asyncio.sleep(0.1)
        virtual_loop.log(self)
        return StandIn(self)


class Logger:
    def __getattr__(self, name):
        return lambda text: virtual_loop.log(text)


class Body(str):
    """What an answer holds: httpx gives it, aiohttp lets one await it."""

    def __await__(self):
        return self
        yield


class Response:
    status = status_code = 200

    def json(self):
        return Body()

    def raise_for_status(self):
        pass


class Request:
    """Awaited, as httpx has it, or entered, as aiohttp does."""

    def __await__(self):
        return self.__aenter__().__await__()

    async def __aenter__(self):
        await asyncio.sleep(0.1)
        return Response()

    async def __aexit__(self, *error):
        pass


class Client:
    def __init__(self, **settings):
        pass

    def get(self, url):
        return Request()

    async def __aenter__(self):
        return self

    async def __aexit__(self, *error):
        pass

    async def close(self):
        pass

    aclose = close


class Engine:
    """A pool of connections, each a stand-in."""

    def __init__(self, url, pool_size=5, max_overflow=10, **settings):
        self.room = asyncio.Semaphore(pool_size + max_overflow)

    @contextlib.asynccontextmanager
    async def connect(self):
        async with self.room:
            yield StandIn("connection")

    begin = connect


class Blocking:
    """The client that holds the loop until the answer is there."""

    def get(self, url):
        virtual_loop.work(0.1)
        return Response()


class Threads:
    """What runs in a thread takes its time there, and the loop goes on."""

    asked = None

    @classmethod
    def sleep(cls, seconds):
        if cls.asked is None:
            virtual_loop.work(seconds)
        else:
            cls.asked += seconds

    @classmethod
    def run(cls, executor, function, *args):
        async def wait():
            cls.asked = 0
            try:
                given = function(*args)
            finally:
                seconds, cls.asked = cls.asked, None
            if inspect.iscoroutine(given):
                return await given
            await asyncio.sleep(seconds)
            return given

        return asyncio.ensure_future(wait())


class Names(dict):
    """The names of the program. One that nobody knows is a stand-in."""

    def __missing__(self, name):
        if hasattr(__builtins__, name):
            raise KeyError(name)
        return StandIn(name)


def log(*values):
    virtual_loop.log(" ".join(str(value) for value in values))


def run(program):
    names = Names(asyncio=asyncio, time=time, print=log, logger=Logger(), requests=Blocking(), __name__="__main__")
    for module, name, value in (
        ("aiohttp", "ClientSession", Client),
        ("httpx", "AsyncClient", Client),
        ("sqlalchemy", "ext", None),
        ("sqlalchemy.ext", "asyncio", None),
        ("sqlalchemy.ext.asyncio", "create_async_engine", Engine),
    ):
        names[module] = sys.modules[module] = types.ModuleType(module)
        setattr(names[module], name, value)
    code = compile(pathlib.Path(program).read_text(), program, "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)
    started = eval(code, names)
    if inspect.iscoroutine(started):
        asyncio.run(started)


time.sleep = Threads.sleep
virtual_loop.VirtualLoop.run_in_executor = lambda loop, *job: Threads.run(*job)
for program in sys.argv[1:]:
    virtual_loop.VirtualLoop.clock = 0.0
    print(f"### {program}")
    virtual_loop.script(lambda: run(program))
