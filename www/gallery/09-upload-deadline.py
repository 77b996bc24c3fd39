import asyncio

from virtual_loop import log, now, run


async def main():
    pauses = [0.3, 0.3, 0.3, 2]
    try:
        async with asyncio.timeout(0.5) as patience:
            for part, pause in enumerate(pauses, start=1):
                await asyncio.sleep(pause)
                patience.reschedule(patience.when() + 0.3)
                log(f"part {part} arrived at {now()}")
            log("upload complete")
    except TimeoutError:
        log(f"stalled: cut at {now()}")


run(main())
