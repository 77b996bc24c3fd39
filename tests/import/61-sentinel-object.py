# Beyond the documents: a sentinel, and `:=`
import asyncio

labels = asyncio.Queue(2)
END = object()


async def shop():
    for i in range(1, 4):
        await labels.put(i)
        print(f"label {i} queued")
    await labels.put(END)


async def printer():
    while (label := await labels.get()) is not END:
        await asyncio.sleep(0.1)
        print(f"label {label} printed")


async def main():
    async with asyncio.TaskGroup() as dispatch:
        dispatch.create_task(shop())
        dispatch.create_task(printer())


if __name__ == "__main__":
    asyncio.run(main())
