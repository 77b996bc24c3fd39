import asyncio
import collections


class Queue:
    """Passes each item to who has waited longest. Once it is closed, what is inside can still be taken, then
    takers see the end."""

    def __init__(self, capacity=float("inf")):
        self.capacity, self.closed, self.unfinished = capacity, False, 0
        self.items = collections.deque()
        self.putters, self.takers, self.joiners = {}, {}, {}  # who waits, in order, and with what

    async def put(self, item):
        if self.closed:
            raise QueueClosed("the queue is closed")
        if self.putters or len(self.items) >= self.capacity:
            if not await self.wait(self.putters, item):
                raise QueueClosed("the queue is closed")
        else:
            self.accept(item)

    async def take(self):
        """The next item."""
        try:
            return await anext(self)
        except StopAsyncIteration:
            raise QueueClosed("the queue is closed") from None

    def __aiter__(self):
        return self

    async def __anext__(self):
        if self.items:
            item = self.items.popleft()
            while self.putters and len(self.items) < self.capacity:
                self.accept(self.serve(self.putters, True))
        elif self.closed:
            raise StopAsyncIteration
        else:
            item = await self.wait(self.takers)
        if item is END:
            raise StopAsyncIteration
        return item

    def accept(self, item):
        self.unfinished += 1
        if self.takers:
            self.serve(self.takers, item)
        else:
            self.items.append(item)

    def done(self):
        if not self.unfinished:
            raise QueueError("done was called more often than items were put")
        self.unfinished -= 1
        while self.joiners and not self.unfinished:
            self.serve(self.joiners, None)

    async def join(self):
        if self.unfinished:
            await self.wait(self.joiners)

    def close(self):
        self.closed = True
        while self.putters:
            self.serve(self.putters, False)
        while self.takers and not self.items:
            self.serve(self.takers, END)

    async def wait(self, line, item=None):
        place = asyncio.get_running_loop().create_future()
        line[place] = item
        try:
            return await place
        except asyncio.CancelledError:
            if line.pop(place, self) is self and line is self.takers and place.result() is not END:
                # The item was on its way: it goes to the next in line, or back.
                if self.takers:
                    self.serve(self.takers, place.result())
                else:
                    self.items.appendleft(place.result())
            raise

    def serve(self, line, answer):
        """Lets the first in line go on; what it brought."""
        place = next(iter(line))
        item = line.pop(place)
        place.set_result(answer)
        return item


END = object()
