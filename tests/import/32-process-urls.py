# asyncio.gather() - Run Multiple Tasks
async def process_urls(urls):
    tasks = [fetch_data(url) for url in urls]
    results = await asyncio.gather(*tasks)
    return results

# The call.
print(len(await process_urls(["a", "b"])))
