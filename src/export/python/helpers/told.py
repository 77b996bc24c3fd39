def told(error):
    """An error as text: its kind and its message; of a group, its leaves."""
    texts = [(kind_of(leaf), message_of(leaf)) for leaf in leaves(error)]
    return "; ".join(f"{kind}: {message}" if message else kind for kind, message in texts)


def kind_of(error):
    """What kind of error it is."""
    if isinstance(error, TimeoutError):  #? timed_out
        return "Timeout"  #? timed_out
    return type(error).__name__  #? plain
    return error.kind  #? own


def message_of(error):
    """What an error says."""
    if isinstance(error, TimeoutError):  #? timed_out
        return TIMED_OUT  #? timed_out
    return str(error)
