async def handled(error, *handlers):
    """Asks handlers in order, each a kind of error and a function: each takes its part out of what is left. What
    none took leaves, with what they raised."""
    left = {id(leaf) for leaf in leaves(error)}
    raised_on, new, way = set(), [], None
    for kind, handler in handlers:
        taken = part(error, lambda leaf: id(leaf) in left and (kind is None or isinstance(leaf, kind)))
        if not taken:
            continue
        own = {id(leaf) for leaf in leaves(taken)}
        left -= own
        try:
            way = await handler(taken)
        except Exception as failure:
            raised_on |= own & {id(leaf) for leaf in leaves(failure)}
            new.append(part(failure, lambda leaf: id(leaf) not in own))
    remains = part(error, lambda leaf: id(leaf) in left | raised_on)
    errors = [failure for failure in [remains, *new] if failure]
    if errors:
        raise joined(errors) from None
    return way


class Leave:
    """How a handler ends that leads further than to its own end: with a value to be returned."""

    def __init__(self, value):
        self.value = value


BREAK, CONTINUE = object(), object()


class ending:
    """Calls a function at the end of its block, on every way out; two errors leave together."""

    def __init__(self, function):
        self.function = function

    async def __aenter__(self):
        pass

    async def __aexit__(self, kind, error, trace):
        async with cleanup(error):
            await self.function()
