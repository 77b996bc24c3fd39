import asyncio

from virtual_loop import log, now, run


parcels = asyncio.Queue(5)


async def loader():
    for i in range(1, 4):
        await asyncio.sleep(0.04)
        await parcels.put(i)
    await parcels.put(None)


async def courier():
    while (parcel := await parcels.get()) is not None:
        await asyncio.sleep(0.08)
        log(f"parcel {parcel} delivered")
    log(f"shift over at {now()}")


async def main():
    async with asyncio.TaskGroup() as depot:
        depot.create_task(loader())
        depot.create_task(courier())


run(main())
