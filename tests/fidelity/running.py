"""One source, from its files to its results."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor

from tests.fidelity.comparing import compare
from tests.fidelity.judging import judge
from tests.fidelity.reading import processes, read_all
from tests.fidelity.results import FileResult, SourceResult
from tests.fidelity.sources import Part, Source

Done = Callable[[], None]


def run_source(source: Source, jobs: int, done: Done = lambda: None) -> Iterator[SourceResult]:
    """Read the files of the source part by part, load them by Airflow, and compare.

    `done` is called twice for each file. Yields the results so far after each part.
    """
    files: list[FileResult] = []
    with processes(jobs) as pool:
        for part in source.parts:
            files += _part(source, part, pool, jobs, done)
            yield SourceResult(source, tuple(files))


def _part(
    source: Source, part: Part, pool: ProcessPoolExecutor, jobs: int, done: Done
) -> Iterator[FileResult]:
    readings = {}
    for reading in read_all(part.files, part.root, pool):
        readings[reading.path] = reading
        done()
    facts = judge(source, part, jobs, done)
    for path in part.files:
        found = [] if facts[path]["error"] else compare(readings[path], facts[path])
        yield FileResult(part.name, readings[path], facts[path], tuple(found))
