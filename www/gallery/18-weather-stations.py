import asyncio

from virtual_loop import log, run, told


class SensorError(Exception):
    pass


async def station(delay, degrees):
    await asyncio.sleep(delay)
    if degrees is None:
        raise SensorError("ice on the mast")
    return degrees


async def main():
    stations = ["Oslo", "Tromso", "Nairobi"]
    readings = await asyncio.gather(
        station(0.12, 4.5), station(0.08, None), station(0.2, 24.0), return_exceptions=True
    )
    for name, reading in zip(stations, readings):
        said = told(reading) if isinstance(reading, Exception) else reading
        log(f"{name}: {said}")


run(main())
