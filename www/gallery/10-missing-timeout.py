import asyncio

from virtual_loop import log, now, run


partner = asyncio.Semaphore(2)


async def fetch(url, delay):
    await asyncio.sleep(delay)


async def book(room, delay):
    async with partner:
        await fetch(f"api/partner/rooms/{room}", delay)
        log(f"room {room} booked at {now()}")


async def main():
    async with asyncio.TaskGroup() as bookings:
        bookings.create_task(book(12, 60))
        bookings.create_task(book(14, 60))
        bookings.create_task(book(21, 0.05))


run(main())
