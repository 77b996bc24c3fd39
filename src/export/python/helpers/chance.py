class Chance:
    """Random numbers from a seed: PCG 64 (O'Neill, 2014)."""

    increment = (0x2FE0E169FFBD06E35BC307BD4D2F814F << 1 | 1) % 2**128

    def __init__(self, seed):
        self.state = 0
        self.draw()
        self.state = (self.state + seed) % 2**128
        self.draw()

    def draw(self):
        old = self.state
        self.state = (old * 47026247687942121848144207491837523525 + self.increment) % 2**128
        mixed, turn = ((old >> 29 ^ old) >> 58) % 2**64, old >> 122
        return (mixed >> turn | mixed << (-turn & 63)) % 2**64


def between(a, b):
    """A number or length of time between two, both included."""
    if type(a) is int and type(b) is int:
        return draw_between(a, b)
    if isinstance(a, Duration) and isinstance(b, Duration):  #? tagged
        return duration_of(draw_between(us_of(a), us_of(b), length(a), length(b)))  #? tagged
    if is_number(a) and is_number(b):
        if a > b:
            chance.draw()
            raise ValueError(f"the range {show(a)}..{show(b)} is reversed")
        a, b = float(a), float(b)
        return a + (b - a) * ((chance.draw() >> 11) / 2**53)
    raise TypeError(f"a range goes between two numbers or durations, not {sort_of(a)} and {sort_of(b)}")


def length_between(a, b):
    """A length of time between two, both included."""
    return draw_between(round(a * 1e6), round(b * 1e6), length(a), length(b)) / 1e6


def draw_between(a, b, *shown):
    if a > b:
        shown = shown or (a, b)
        raise ValueError(f"the range {shown[0]}..{shown[1]} is reversed")
    return a + chance.draw() % (b - a + 1)
