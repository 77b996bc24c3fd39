# Beyond the documents: `enumerate`, `zip`, several targets, a choice
import asyncio


async def limits(name):
    await asyncio.sleep(0.1)
    return name, 3


async def pages(last):
    for page in range(1, last + 1):
        await asyncio.sleep(0.05)
        yield page, f"page {page}"


async def main():
    names = ["ada", "grace", "linus"]
    for number, name in enumerate(names, start=1):
        size = "long" if len(name) > 3 else "short"
        print(f"{number}: {name}, {size}")
    for name, floor in zip(names, [4, 5]):
        print(f"{name} on floor {floor}")
    who, most = await limits("ada")
    print(f"{who} may have {most}")
    async for number, title in pages(3):
        print(f"{number} is {title}")
        if number == 2:
            break


asyncio.run(main())
