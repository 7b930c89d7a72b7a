"""How often Python looks for garbage that reference counts do not free."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

ALLOCATIONS = 250_000
"""New objects that must have outlived others before Python looks; its own default is 700 or 2,000.

So many are at most a few tens of megabytes, and more than one DAG file needs.
"""


def collect_seldom() -> None:
    """Have this process look for cycles of garbage less often.

    Modules live as long as the process, syntax trees and models until their file is done, so nearly
    every look finds nothing, and takes time that grows with all that is alive: a tenth of the time
    for one DAG file, a quarter of that for importing ZenML.
    """
    gc.set_threshold(ALLOCATIONS, *gc.get_threshold()[1:])


@contextmanager
def short_process() -> Iterator[None]:
    """For a process that ends with the block: it looks for garbage seldom, and not at its end.

    Python looks through all that is alive when it ends, another tenth of the time for one file,
    and the system takes the memory back anyway.
    """
    collect_seldom()
    try:
        yield
    finally:
        gc.freeze()
