# Concurrent Execution
async def fetch_all_prices(symbols: list[str]) -> dict[str, float]:
    tasks = [fetch_price(s) for s in symbols]
    results = await asyncio.gather(*tasks, return_exceptions=True)
    return dict(zip(symbols, results))

# The call.
await fetch_all_prices(["BTC", "ETH"])
