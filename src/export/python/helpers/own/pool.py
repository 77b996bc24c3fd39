import collections


class Pool:
    """Lends connections, first come first served: it keeps so many open and opens a few more under load. What it
    keeps is closed at the end of its block."""

    def __init__(self, resource, size, overflow=0):
        self.resource, self.size = resource, size
        self.places = Limiter(size + overflow)
        self.idle, self.open = collections.deque(), 0

    def connection(self):
        return Connection(self)

    @property  #? peak
    def peak(self):  #? peak
        return self.places.peak  #? peak

    async def close(self, connection):
        self.open -= 1
        await self.resource.close()

    async def drain(self):
        failure = None
        while self.idle:
            try:
                await self.close(self.idle.popleft())
            except Exception as error:
                failure = failure or error
        if failure:
            raise failure


class Connection:
    def __init__(self, pool):
        self.pool = pool

    async def __aenter__(self):
        pool = self.pool
        await pool.places.acquire()
        try:
            if pool.idle:
                self.value = pool.idle.popleft()
            else:
                self.value = await pool.resource.open()
                pool.open += 1
        except BaseException:
            pool.places.release()
            raise
        return self.value

    async def __aexit__(self, kind, error, trace):
        pool = self.pool
        async with cleanup(error):
            try:
                if pool.open > pool.size and not pool.places.has_waiters():
                    await pool.close(self.value)
                else:
                    pool.idle.append(self.value)
            finally:
                pool.places.release()


class drained:
    """Closes what pools keep open, at the end."""

    def __init__(self, *pools):
        self.pools = pools

    async def __aenter__(self):
        pass

    async def __aexit__(self, kind, error, trace):
        async with cleanup(error):
            failure = None
            for pool in self.pools:
                try:
                    await pool.drain()
                except Exception as error:
                    failure = failure or error
            if failure:
                raise failure
