# Timeout Handling
from asyncio import timeout, TimeoutError

async def fetch_with_timeout(symbol: str, timeout_sec: float = 5.0):
    try:
        async with timeout(timeout_sec):
            return await exchange.fetch_price(symbol)
    except TimeoutError:
        logger.warning(f"Timeout fetching {symbol}")
        return None

# The call.
await fetch_with_timeout("BTC", 0.05)
await fetch_with_timeout("ETH")
