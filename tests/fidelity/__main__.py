"""How faithfully DAG files are read: this tool's reading held against Airflow's, at scale.

`python -m tests.fidelity [--source NAME]... [--part NAME] [--repos DIR] [--write]`
"""

from __future__ import annotations

import argparse
import math
import os
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from tests.fidelity.page import page
from tests.fidelity.results import SourceResult, write_json
from tests.fidelity.running import run_source
from tests.fidelity.sdists import system_tests
from tests.fidelity.sources import Source, examples, fixtures, repositories
from tests.fidelity.store import Store
from tests.judge.airflow_env import PROJECT

PAGE = PROJECT / "docs" / "fidelity.md"
CACHE = Path(os.environ.get("XDG_CACHE_HOME", "~/.cache")).expanduser() / "dag2zen" / "fidelity"
_SOURCES: dict[str, Callable[[argparse.Namespace], Source]] = {
    "airflow3-examples": lambda options: examples(3),
    "airflow2-examples": lambda options: examples(2),
    "fixtures": lambda options: fixtures(),
    "system-tests": lambda options: system_tests(options.cache),
    "repositories": lambda options: repositories(*options.repos),
}


def main() -> None:
    """Compare every source named, print the counts and write the page."""
    options = _options()
    end = time.monotonic() + 60 * options.minutes
    with Progress(console=Console(stderr=True)) as progress:
        run = [
            _run(source, options, progress, lambda: time.monotonic() > end)
            for source in _sources(options)
        ]
    results = [result for result in run if result.files]
    for result in results:
        print(result.summary())
    if options.write:
        PAGE.write_text(page(results), encoding="utf-8")


def _run(
    source: Source, options: argparse.Namespace, progress: Progress, enough: Callable[[], bool]
) -> SourceResult:
    files = sum(len(part.files) for part in source.parts)
    bar = progress.add_task(source.title, total=2 * files)
    store = Store(options.cache / "results")
    result = SourceResult(source, ())
    for result in run_source(source, options.jobs, store, lambda: progress.advance(bar), enough):
        if options.json is not None:
            write_json(result, options.json)
    return result


def _sources(options: argparse.Namespace) -> list[Source]:
    names = options.source or [name for name in _SOURCES if name != "repositories" or options.repos]
    sources = [_SOURCES[name](options) for name in names]
    if options.part:
        sources = [_only(source, options.part) for source in sources]
    return [source for source in sources if source.parts]


def _only(source: Source, name: str) -> Source:
    return replace(source, parts=tuple(part for part in source.parts if part.name.startswith(name)))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.fidelity", description=__doc__)
    parser.add_argument("--source", action="append", choices=_SOURCES, help="only this; repeatable")
    parser.add_argument("--part", metavar="NAME", help="only this part: a provider, a repository")
    parser.add_argument(
        "--repos", type=Path, action="append", metavar="DIR", help="folders owner__name; repeatable"
    )
    parser.add_argument("--cache", type=Path, default=CACHE, metavar="DIR", help="for downloads")
    parser.add_argument("--jobs", type=int, default=len(os.sched_getaffinity(0)), metavar="N")
    parser.add_argument(
        "--minutes", type=float, default=math.inf, metavar="N", help="begin no part after N minutes"
    )
    parser.add_argument("--json", type=Path, metavar="DIR", help="write all differences here")
    parser.add_argument("--write", action="store_true", help="write docs/fidelity.md")
    options = parser.parse_args()
    if "repositories" in (options.source or ()) and options.repos is None:
        parser.error("--source repositories needs --repos DIR")
    return options


if __name__ == "__main__":
    main()
