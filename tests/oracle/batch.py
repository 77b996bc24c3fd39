"""Runs many programs in one process, each as if it were started alone with `--virtual`.

Reads a JSON list of programs, writes a JSON list of what each printed. What goes wrong is part of that.
"""

import contextlib
import functools
import io
import json
import signal
import sys
import traceback
import warnings

LIMIT_S = 20


@functools.cache
def compiled(piece):
    return compile(piece, "program.py", "exec")


def run(source):
    printed = io.StringIO()
    signal.alarm(LIMIT_S)
    try:
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
            names = {"__name__": "__main__"}
            # Programs have most of their pieces in common.
            for piece in source.split("\n\n\n"):
                exec(compiled(piece), names)
    except SystemExit:
        pass
    except BaseException:
        printed.write(traceback.format_exc())
    finally:
        signal.alarm(0)
    return printed.getvalue()


def too_long(*_):
    raise TimeoutError(f"not over after {LIMIT_S} s")


# A task that is cancelled before it begins has a coroutine that nobody awaits.
warnings.simplefilter("ignore", RuntimeWarning)
signal.signal(signal.SIGALRM, too_long)
sys.argv = ["program.py", "--virtual"]
json.dump([run(source) for source in json.load(sys.stdin)], sys.stdout)
