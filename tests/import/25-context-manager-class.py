# Async Context Manager
class Connection:
    async def __aenter__(self):
        self.conn = await connect()
        return self

    async def __aexit__(self, exc_type, exc_val, exc_tb):
        await self.conn.close()

# Usage
async with Connection() as conn:
    await conn.execute(query)
