def leaves(error):
    """Every single error of a tree, in order."""
    if isinstance(error, BaseExceptionGroup):
        return [leaf for inner in error.exceptions for leaf in leaves(inner)]
    return [error]


def part(error, wanted):
    """What is left of a tree of errors with the wanted leaves alone."""
    if isinstance(error, BaseExceptionGroup):
        return error.subgroup(lambda leaf: not isinstance(leaf, BaseExceptionGroup) and wanted(leaf))
    return error if wanted(error) else None


def joined(errors):
    """Several errors as one."""
    return errors[0] if len(errors) == 1 else ExceptionGroup("", errors)
