import asyncio

from virtual_loop import log, run, told


class Duplicate(Exception):
    pass


people = ["Ada", "", "Grace", "Linus", "Edsger"]
stored = 0


async def import_row(row):
    global stored
    await asyncio.sleep(row * 0.1)
    name = people[row - 1]
    if name == "":
        raise ValueError(f"row {row} is empty")
    if name == "Linus":
        raise Duplicate(f"{name} is known")
    stored += 1


async def main():
    rows = (import_row(i) for i in range(1, 6))
    ended = await asyncio.gather(*rows, return_exceptions=True)
    try:
        if errors := [e for e in ended if isinstance(e, Exception)]:
            raise ExceptionGroup("batch", errors)
    except* ValueError as bad:
        log(f"rejected {len(bad.exceptions)}: {told(bad)}")
    except* Exception as rest:
        log(f"skipped {len(rest.exceptions)}: {told(rest)}")
    log(f"stored {stored} of {len(people)}")


run(main())
