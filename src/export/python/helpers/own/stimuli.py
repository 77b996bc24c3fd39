def at(seconds, function):
    """A task of the root scope that begins from outside, at an instant of the run."""

    def begin_task(main):
        if main.blocks and not main.blocks[0].left:
            main.blocks[0].create_task(function(main.blocks[0]), "at")

    return seconds, begin_task


def shutdown(seconds, grace=None):
    """A request to stop from outside, at an instant of the run: cancels everything. Cleanups may take as long as the
    grace; what is left then is cut."""

    def stop(main):
        main.cancel()
        if grace is not None:
            loop.call_at(loop.time() + grace, Cut(main))

    return seconds, stop


class Cut:
    rank = (-1,)

    def __init__(self, main):
        self.main = main

    def __call__(self):
        self.main.cut = not self.main.over
        loop.stop()
