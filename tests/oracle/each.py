"""Runs programs of the gallery, one after the other, each on a clock of its own; a line with the name before each."""

import pathlib
import runpy
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "www" / "gallery"))
from virtual_loop import VirtualLoop  # noqa: E402

for program in sys.argv[1:]:
    VirtualLoop.clock = 0.0
    print(f"### {program}")
    runpy.run_path(program)
