# Beyond the documents: kinds of error, a group in a group, cleanup that awaits
import asyncio


class SoldOut(Exception):
    pass


class PaymentError(SoldOut):
    pass


async def book(what, delay, error):
    try:
        await asyncio.sleep(delay)
        if error is not None:
            raise ValueError(error)
        print(f"{what} booked")
    finally:
        await asyncio.sleep(0.05)
        print(f"{what} closed")


async def main():
    try:
        async with asyncio.TaskGroup() as trip:
            trip.create_task(book("hotel", 0.03, None))
            trip.create_task(book("flight", 0.1, "no seats"))
            trip.create_task(book("car", 1, None))
    except* ValueError as e:
        for error in e.exceptions:
            print(f"wrong: {error}")
    except* PaymentError:
        print("not paid")
    else:
        print("all booked")
    try:
        await book("ferry", 0.1, "no cars")
    except (SoldOut, ValueError) as e:
        print(f"no ferry: {e}")
    try:
        raise PaymentError("declined")
    except SoldOut as e:
        print(f"none left: {e}")


asyncio.run(main())
