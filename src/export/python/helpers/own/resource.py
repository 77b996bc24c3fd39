class Resource:
    """Open while its block runs, and closed on every way out."""

    async def __aenter__(self):
        return await self.open()

    async def __aexit__(self, kind, error, trace):
        async with cleanup(error):
            await self.close()

    async def open(self):
        pass

    async def close(self):
        pass
