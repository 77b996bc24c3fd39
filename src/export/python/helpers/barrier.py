import asyncio


class Barrier:
    """Lets go when so many wait. Only those count that still do; numbers are given in the order of arrival."""

    def __init__(self, parties):
        self.parties, self.waiting = parties, []

    async def wait(self):
        if len(self.waiting) + 1 >= self.parties:
            waiting, self.waiting = self.waiting, []
            for number, place in enumerate(waiting):
                place.set_result(number)
            return len(waiting)
        place = asyncio.get_running_loop().create_future()
        self.waiting.append(place)
        try:
            return await place
        finally:
            if place in self.waiting:
                self.waiting.remove(place)
