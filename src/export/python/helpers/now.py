def now():
    """The time since the run began, in seconds."""
    return round(loop.time() - begin, 6)
