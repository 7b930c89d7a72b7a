"""`python -m benchmarks.pages [--write]`: what the HTML report of a DAG and of a tree costs."""

from __future__ import annotations

import argparse
import resource
import statistics
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from benchmarks.aims import met
from benchmarks.cases import LTV_DAG, ROOT
from benchmarks.progress import tell
from transpiler.config import MigrationConfig
from transpiler.report.document import build_document
from transpiler.report.page.pages import pages
from transpiler.report.result import FileResult
from transpiler.service import analyse

RESULTS = ROOT / "benchmarks" / "pages.md"
_HEAD = """\
from datetime import datetime
from airflow import DAG
from airflow.operators.bash import BashOperator
from airflow.utils.task_group import TaskGroup

with DAG("generated", start_date=datetime(2024, 1, 1), schedule="0 3 * * *"):
"""
_TREE = 500
_INTRODUCTION = (
    "Written by `make bench ARGS=--write`. Seconds on the wall, medians; what a page costs beyond the"
    " analysis of its DAG. The pages of many DAGs are made in as many processes as there are cores."
)


def main(arguments: list[str] | None = None) -> None:
    """Measure, print the table, and on request write it to benchmarks/pages.md."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.pages", description=__doc__)
    parser.add_argument("--write", action="store_true", help=f"write {RESULTS.relative_to(ROOT)}")
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        text = _table(Path(folder))
    print(text, end="")
    if chosen.write:
        RESULTS.write_text(f"# Pages of the report\n\n{_INTRODUCTION}\n\n{text}", encoding="utf-8")


def _table(folder: Path) -> str:
    ltv = _read(LTV_DAG, LTV_DAG.parent)
    rows = [
        _row("first page of a process, LTV DAG", ltv, runs=1),
        _row("page of the LTV DAG", ltv, seconds=0.3),
        _row("page of 100 tasks", _generated(folder / "hundred", groups=5), kilobytes=1_500),
        _row("page of 3,000 tasks", _generated(folder / "large", groups=150), runs=3),
        _row(f"pages and index of {_TREE} DAGs", _copies(ltv), runs=1),
    ]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    head = "| what | seconds | kB | aim | met |\n|---|---:|---:|---|---|\n"
    return f"{head}{''.join(rows)}\nPeak memory of the process: {peak} MB.\n"


def _read(path: Path, root: Path) -> list[FileResult]:
    tell(f"reading {path.name}")
    return analyse([path], project_root=root, config=MigrationConfig(), jobs=1, emit=True)


def _generated(folder: Path, groups: int) -> list[FileResult]:
    """A DAG of groups of twenty tasks each."""
    folder.mkdir()
    lines = [
        line
        for group in range(groups)
        for line in (
            f'    with TaskGroup("group_{group}"):',
            *(
                f'        t{group}_{n} = BashOperator(task_id="t{n}", bash_command="echo {n}")'
                for n in range(20)
            ),
            *(f"        t{group}_{n - 1 - n % 3} >> t{group}_{n}" for n in range(3, 20)),
        )
    ]
    path = folder / "generated.py"
    path.write_text(_HEAD + "\n".join(lines) + "\n", encoding="utf-8")
    return _read(path, folder)


def _copies(results: list[FileResult]) -> list[FileResult]:
    """The tree: one DAG many times, each under a path of its own."""
    (one,) = results
    return [replace(one, path=f"dags/{number:03}.py") for number in range(_TREE)]


def _row(
    what: str,
    results: list[FileResult],
    runs: int = 5,
    seconds: float | None = None,
    kilobytes: int | None = None,
) -> str:
    """What one page or many cost, and the aim for its seconds or its size."""
    tell(what)
    document = build_document(results)
    times = []
    for _ in range(runs):
        started = time.perf_counter()
        size = sum(len(page.text) for page in pages(document, results))
        times.append(time.perf_counter() - started)
    taken = statistics.median(times)
    aim = f"{seconds} s" if seconds is not None else f"{kilobytes:,} kB" if kilobytes else ""
    reached = met(taken, seconds) if seconds is not None else met(size / 1000, kilobytes)
    return f"| {what} | {taken:.2f} | {size // 1000:,} | {aim} | {reached} |\n"


if __name__ == "__main__":
    main()
