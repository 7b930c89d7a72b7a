"""Making the pages of many files in several processes, in order, a few at a time."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, TypeVar

from transpiler.batch.interrupts import interrupts_held, quiet_worker

if TYPE_CHECKING:
    from concurrent.futures import Future, ProcessPoolExecutor

One = TypeVar("One")
Made = TypeVar("Made")
_WORTH_IT = 24
"""Pages of fewer files are made faster by one process than others start."""
_AHEAD = 4
"""Pages that wait to be written, for each process: they bound what memory holds."""


def in_processes(
    make: Callable[[One], Made], items: Sequence[One], jobs: int | None = None
) -> Iterator[Made]:
    """What `make` gives for each item, in order. `make` and items are sent to other processes."""
    workers = jobs if jobs is not None else _cores() if len(items) >= _WORTH_IT else 1
    if min(workers, len(items)) < 2:
        yield from map(make, items)
        return
    with _pool(min(workers, len(items))) as pool:
        waiting: deque[Future[Made]] = deque()
        for item in items:
            with interrupts_held():
                waiting.append(pool.submit(make, item))
            if len(waiting) >= _AHEAD * workers:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _cores() -> int:
    return len(os.sched_getaffinity(0))


def _pool(workers: int) -> ProcessPoolExecutor:
    """Processes that start clean, as those that read the files."""
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor

    methods = multiprocessing.get_all_start_methods()
    context = multiprocessing.get_context("forkserver" if "forkserver" in methods else "spawn")
    return ProcessPoolExecutor(workers, context, initializer=quiet_worker)
