import functools
import json
import math


class Duration(float):
    """A length of time in seconds that knows that it is one."""


class Cell:
    """A variable that tasks share, one for each turn of a loop."""

    def __init__(self, value):
        self.value = value


def us_of(duration):
    return round(duration * 1e6)


def duration_of(us):
    if abs(us) >= 2**63:
        raise Overflow("the duration is too large for 64 bits")
    return Duration(round(us / 1e6, 6))


def length(seconds):
    """A length of time as text: `250ms`, `1.5s`."""
    us = round(seconds * 1e6)
    unit, size = ("us", 1) if 0 < abs(us) < 1000 else ("ms", 1000) if 0 < abs(us) < 1_000_000 else ("s", 1_000_000)
    whole, rest = divmod(abs(us), size)
    fraction = f".{rest:0{len(str(size)) - 1}}".rstrip("0") if rest else ""
    return f"{'-' if us < 0 else ''}{whole}{fraction}{unit}"


def show(value):
    """A value as text."""
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Duration):  #? tagged
        return length(value)  #? tagged
    if isinstance(value, float):
        return repr(value).replace("e+", "e").replace("e-0", "e-")
    if isinstance(value, list):
        return "[" + ",".join(in_list(item) for item in value) + "]"
    if isinstance(value, Exception):
        return told(value)
    return str(value)


def in_list(value):
    """A value as it stands in the text of a list, as in JSON."""
    if value is None:
        return "null"
    plain = isinstance(value, (bool, int, list)) or type(value) is float
    return show(value) if plain else json.dumps(show(value), ensure_ascii=False)


def sort_of(value):
    """What kind of value it is."""
    sorts = {bool: "a boolean", int: "an integer", float: "a float", str: "a string", list: "a list"}
    if value is None:
        return "none"
    if isinstance(value, Duration):  #? tagged
        return "a duration"  #? tagged
    if isinstance(value, Exception):
        return "an error"
    classes = {"Task": "a task", "Response": "a response"}
    return sorts.get(type(value)) or classes.get(type(value).__name__, "a deadline")


# Arithmetic as the scenario has it: 64 bits, no fraction without an end, lengths of time in whole microseconds.


def is_number(value):
    return type(value) in (int, float)


def whole(value, what="the result"):
    if not -(2**63) <= value < 2**63:
        raise Overflow(f"{what} is too large for 64 bits")
    return value


def finite(value):
    if value != value or value in (float("inf"), float("-inf")):
        raise Overflow("the result is too large for 64 bits")
    return value


def mismatch(sign, a, b):
    return TypeError(f"`{sign}` does not go with {sort_of(a)} and {sort_of(b)}")


def add(a, b):
    if type(a) is type(b) and type(a) in (str, list):
        return a + b
    return reckon("+", a, b)


def subtract(a, b):
    return reckon("-", a, b)


def multiply(a, b):
    return reckon("*", a, b)


def divide(a, b):
    return reckon("/", a, b)


def floor_divide(a, b):
    return reckon("//", a, b)


def remainder(a, b):
    return reckon("%", a, b)


def reckon(sign, a, b):
    if type(a) is int and type(b) is int:
        return reckon_whole(sign, a, b)
    if is_number(a) and is_number(b):
        return finite(reckon_float(sign, float(a), float(b)))
    if isinstance(a, Duration) and isinstance(b, Duration):  #? tagged
        return reckon_lengths(sign, us_of(a), us_of(b))  #? tagged
    if isinstance(a, Duration) and is_number(b):  #? tagged
        return scale(sign, us_of(a), b)  #? tagged
    if is_number(a) and isinstance(b, Duration) and sign == "*":  #? tagged
        return scale(sign, us_of(b), a)  #? tagged
    raise mismatch(sign, a, b)


def reckon_whole(sign, a, b, what="the result"):
    if sign in ("/", "//", "%") and b == 0:
        raise ZeroDivision("division by zero")
    if sign == "/":
        return float(a) / float(b)
    result = {"+": lambda: a + b, "-": lambda: a - b, "*": lambda: a * b, "//": lambda: a // b, "%": lambda: a % b}
    return whole(result[sign](), what)


def reckon_lengths(sign, a, b):
    if sign == "*":
        raise TypeError("`*` does not go with two durations")
    result = reckon_whole(sign, a, b, "the duration")
    return duration_of(result) if sign in "+-%" else result


def reckon_float(sign, a, b):
    if sign in ("/", "//", "%") and b == 0:
        raise ZeroDivision("division by zero")
    try:
        result = {"+": lambda: a + b, "-": lambda: a - b, "*": lambda: a * b, "/": lambda: a / b}
        result |= {"//": lambda: float(math.floor(a / b)), "%": lambda: modulo(a, b)}
        return result[sign]()
    except OverflowError:
        return float("inf")


def modulo(a, b):
    rest = math.fmod(a, b)
    return rest + b if rest != 0 and (rest < 0) != (b < 0) else rest


def scale(sign, us, by):
    """A length of time by a number, rounded to whole microseconds."""
    if sign == "*" and type(by) is int:
        return duration_of(us * by)
    if sign in ("/", "//") and by == 0:
        raise ZeroDivision("division by zero")
    if sign not in ("*", "/", "//"):
        raise TypeError(f"`{sign}` does not go with a duration and a number")
    result = us * float(by) if sign == "*" else us / float(by)
    if not abs(result) < 2.0**63:
        raise Overflow("the duration is too large for 64 bits")
    if sign == "//":
        result = float(math.floor(result))
    # Halves go away from zero.
    return duration_of(int(math.copysign(math.floor(abs(result) + 0.5), result)))


def negative(value):
    if type(value) is int:
        return whole(-value, "the negated number")
    if type(value) is float:
        return -value
    if isinstance(value, Duration):  #? tagged
        return Duration(-value)  #? tagged
    raise TypeError(f"`-` wants a number or a duration, not {sort_of(value)}")


def negated(value):
    if type(value) is not bool:
        raise TypeError(f"`not` wants a boolean, not {sort_of(value)}")
    return not value


def truth(value):
    if type(value) is not bool:
        raise TypeError(f"a condition is true or false, not {sort_of(value)}")
    return value


def both(a, b):
    return truth(a) and truth(b())


def either(a, b):
    return truth(a) or truth(b())


def equal(a, b):
    """Numbers compare across whole ones and fractions, errors by what was raised; nothing else across kinds."""
    if is_number(a) and is_number(b):
        return a == b
    if isinstance(a, Exception) and isinstance(b, Exception):
        return [id(leaf) for leaf in leaves(a)] == [id(leaf) for leaf in leaves(b)]
    if type(a) is list and type(b) is list:
        return len(a) == len(b) and all(equal(x, y) for x, y in zip(a, b))
    return type(a) is type(b) and a == b


def differ(a, b):
    return not equal(a, b)


def in_order(a, b):
    alike = type(a) is type(b) and type(a) is str
    alike = type(a) is type(b) and type(a) in (str, Duration)  #? tagged
    if not (is_number(a) and is_number(b) or alike):
        raise TypeError(f"{sort_of(a)} and {sort_of(b)} have no order")
    # Not as Python compares whole numbers with fractions, but both as fractions.
    if float in (type(a), type(b)):
        a, b = float(a), float(b)
    return (a > b) - (a < b)


def less(a, b):
    return in_order(a, b) < 0


def at_most(a, b):
    return in_order(a, b) <= 0


def more(a, b):
    return in_order(a, b) > 0


def at_least(a, b):
    return in_order(a, b) >= 0


def index(value, at):
    """An item of a list, a letter of a text; from the end where it is less than zero."""
    if type(at) is not int:
        raise TypeError(f"an index is an integer, not {sort_of(at)}")
    if type(value) not in (str, list):
        raise TypeError(f"{sort_of(value)} has no items")
    if not -len(value) <= at < len(value):
        number = "1 item" if len(value) == 1 else f"{len(value)} items"
        raise IndexError(f"index {at} of {number}")
    return value[at]


def count_of(value):
    if type(value) not in (str, list):
        raise TypeError(f"`len` wants a string or a list, not {sort_of(value)}")
    return len(value)


def total(values):
    if type(values) is not list:
        raise TypeError(f"`sum` wants a list, not {sort_of(values)}")
    return functools.reduce(add, values) if values else 0


def least(*values):
    return extreme("min", values, -1)


def greatest(*values):
    return extreme("max", values, 1)


def extreme(name, values, wanted):
    if len(values) == 1:
        values = values[0]
        if type(values) is not list:
            raise TypeError(f"`{name}` wants a list, not {sort_of(values)}")
    if not values:
        raise ValueError(f"`{name}` of nothing")
    best = values[0]
    for value in values[1:]:
        if in_order(value, best) == wanted:
            best = value
    return best


def span(value):
    """A length of time that can be waited for."""
    if not isinstance(value, Duration):
        raise TypeError(f"a length of time is a duration such as 200ms, not {sort_of(value)}")
    if value < 0:
        raise ValueError(f"{length(value)} is less than no time")
    return value


def not_negative(seconds):
    """A length of time that can be waited for."""
    if seconds < 0:
        raise ValueError(f"{length(seconds)} is less than no time")
    return seconds


def integer(value):
    if type(value) is not int:
        raise TypeError(f"a loop counts in integers, not {sort_of(value)}")
    return value


def attempts(value):
    if type(value) is not int or value < 1:
        raise ValueError(f"{show(value)} attempts: at least 1 is needed")
    return value


def items(value):
    if type(value) is not list:
        raise TypeError(f"`for … in` wants a list or a queue, not {sort_of(value)}")
    return value


def task_of(value, verb):
    if not isinstance(value, Task):
        raise TypeError(f"`{verb}` wants a task, not {sort_of(value)}")
    return value


def argument(name, value):
    if type(value) is not int:
        raise TypeError(f"`{name}` wants integers, not {sort_of(value)}")
    return value


def error_of(value):
    if not isinstance(value, Exception):
        raise TypeError(f"`raise` wants an error, not {sort_of(value)}")
    return value


def deadline_of(value):
    if not isinstance(value, timeout):
        raise TypeError(f"`extend` wants a deadline, not {sort_of(value)}")
    return value


def field(value, name):
    """A part of an error or of a response."""
    if isinstance(value, Exception) and name not in ("status", "body"):
        read = {"kind": kinds, "message": messages, "task": origins, "leaves": leaves}
        return len(leaves(value)) if name == "count" else read[name](value)
    if type(value).__name__ == "Response" and name in ("status", "body"):
        return getattr(value, name)
    raise TypeError(f"{sort_of(value)} has no such part")


def kinds(error):
    return "; ".join(kind_of(leaf) for leaf in leaves(error))


def messages(error):
    return "; ".join(message_of(leaf) for leaf in leaves(error))


def origins(error):
    return "; ".join(leaf.task for leaf in leaves(error))
