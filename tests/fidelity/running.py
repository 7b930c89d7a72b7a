"""One source, from its files to its results."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace

from tests.fidelity.comparing import compare
from tests.fidelity.judging import judge
from tests.fidelity.reading import processes, read_all
from tests.fidelity.results import FileResult, SourceResult
from tests.fidelity.sources import Part, Source
from tests.fidelity.store import Store

Done = Callable[[], None]


def run_source(
    source: Source,
    jobs: int,
    store: Store,
    done: Done = lambda: None,
    enough: Callable[[], bool] = lambda: False,
) -> Iterator[SourceResult]:
    """Read the files of the source part by part, load them by Airflow, and compare.

    `done` is called twice for each file. No part is begun once `enough` says so. Yields the results
    so far after each part; their source has the parts that they are of.
    """
    files: list[FileResult] = []
    parts: list[Part] = []
    with processes(jobs) as pool:
        for part in source.parts:
            if enough():
                return
            files += _part(source, part, pool, jobs, store, done)
            parts.append(part)
            yield SourceResult(replace(source, parts=tuple(parts)), tuple(files))


def _part(
    source: Source, part: Part, pool: ProcessPoolExecutor, jobs: int, store: Store, done: Done
) -> Iterator[FileResult]:
    readings = {}
    for reading in read_all(part.files, part.root, pool, store):
        readings[reading.path] = reading
        done()
    facts = judge(
        source, part, {path: readings[path].airflow for path in part.files}, jobs, store, done
    )
    for major in (2, 3):
        # What a user of that Airflow does where the file does not say so.
        other = [
            path
            for path in part.files
            if facts[path]["airflow"].startswith(f"{major}.") and readings[path].airflow != major
        ]
        for reading in read_all(other, part.root, pool, store, str(major)):
            readings[reading.path] = reading
    for path in part.files:
        found = [] if facts[path]["error"] else compare(readings[path], facts[path])
        yield FileResult(part.name, readings[path], facts[path], tuple(found))
