import asyncio

from virtual_loop import log, now, run


class Pool:
    """Two connections kept, one more under load; whoever waits first is served first."""

    def __init__(self, size, overflow):
        self.size, self.most = size, size + overflow
        self.idle, self.waiting, self.open = [], [], 0

    async def __aenter__(self):
        if self.idle:
            return self.idle.pop()
        if self.open < self.most:
            self.open += 1
            await asyncio.sleep(0.1)
            log("opened")
            return
        turn = asyncio.get_running_loop().create_future()
        self.waiting.append(turn)
        await turn

    async def __aexit__(self, *error):
        if self.waiting:
            self.waiting.pop(0).set_result(None)
        elif self.open > self.size:
            self.open -= 1
            log("closed")
        else:
            self.idle.append(None)

    def close(self):
        for _ in self.idle:
            log("closed")


conns = Pool(2, overflow=1)


async def report(number):
    async with conns:
        log(f"report {number} reads at {now()}")
        await asyncio.sleep(0.3)


async def main():
    async with asyncio.TaskGroup() as reports:
        for i in range(1, 6):
            reports.create_task(report(i))
    conns.close()


run(main())
