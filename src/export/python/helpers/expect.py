def expect(met, text):
    """Notes an expectation that is not met: the run goes on, and has failed."""
    if not met:
        broken.append((text, path(), now()))


broken = []  # expectations that are not met


def is_met(condition):
    """Whether a condition holds; one that fails does not."""
    try:
        return truth(condition())
    except Exception:
        return False
