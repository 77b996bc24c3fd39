class Gate:
    """So many at once, and so many starts in a window of time."""

    def __init__(self, permits, pace):
        self.permits, self.pace = Limiter(permits), pace

    async def __aenter__(self):
        await self.permits.acquire()
        try:
            await self.pace.__aenter__()
        except BaseException:
            self.permits.release()
            raise

    async def __aexit__(self, *error):
        await self.pace.__aexit__()
        self.permits.release()

    @property  #? peak
    def peak(self):  #? peak
        return self.pace.peak  #? peak
