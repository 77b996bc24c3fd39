import asyncio


class Limiter(asyncio.Semaphore):
    """A semaphore whose free permits are free at once: those on their way to a waiter are not in the way."""

    def locked(self):
        return self._value == 0 or self.has_waiters()

    def has_waiters(self):
        return any(not waiter.done() for waiter in self._waiters or ())

    held = peak = 0  #? peak

    async def acquire(self):  #? peak
        await super().acquire()  #? peak
        self.held += 1  #? peak
        self.peak = max(self.peak, self.held)  #? peak

    def release(self):  #? peak
        self.held -= 1  #? peak
        super().release()  #? peak
