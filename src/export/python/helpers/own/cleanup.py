class cleanup(shield):
    """For what has to be done on every way out: runs to its end, whatever is cancelled meanwhile."""

    is_cleanup = True

    def __init__(self, error=None):
        super().__init__()
        self.error = error  # what it cleans up after

    async def __aenter__(self):
        await super().__aenter__()
        await self.task.pause()

    async def __aexit__(self, kind, error, trace):
        await super().__aexit__(kind, error, trace)
        if isinstance(error, Exception) and isinstance(self.error, Exception):
            raise joined([self.error, error]) from None
