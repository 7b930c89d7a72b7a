"""Shows what reading costs, as a Markdown page."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence

from benchmarks.aims import met
from benchmarks.reading_measure import Corpus, Growth

READ_TARGET = 2.0
"""How many times LibCST's parse of the same texts reading may take."""
TRANSPILE_TARGET = 8.0
"""The same for reading, lowering, emitting, formatting and writing."""


def page(corpus: Corpus, growth: Sequence[Growth]) -> str:
    """The page: the corpus against its floor, processes, and growth with the number of tasks."""
    lines = [
        "# Reading DAG files",
        "",
        "Written by `python -m benchmarks.reading --write`. Processor time, the best of several"
        " passes in one process; the floor is `libcst.parse_module` on every module that was read,"
        " once.",
        "",
        f"{platform.python_implementation()} {platform.python_version()},"
        f" {platform.system()} {platform.machine()}, {os.cpu_count()} cores.",
        "",
        f"{corpus.files} DAG files of {corpus.modules} modules with {corpus.characters:,}"
        f" characters; {corpus.tasks:,} tasks.",
        "",
        "| | seconds | x parse | aim | met |",
        "|---|---:|---:|---:|---:|",
        _stage("parse", corpus.parse, corpus.parse, None),
        _stage("read", corpus.read, corpus.parse, READ_TARGET),
        _stage("transpile and write", corpus.transpile, corpus.parse, TRANSPILE_TARGET),
        _stage("of that, Black once over the emitted modules", corpus.black, corpus.parse, None),
        _stage("transpile and write, with report pages", corpus.report, corpus.parse, None),
        "",
        f"The emitted modules have {corpus.emitted:,} characters,"
        f" {corpus.emitted / corpus.characters:.1f} times those that were read, and Black alone"
        f" takes {corpus.black / corpus.parse:.1f} times the parse to go over them once; it goes"
        " twice over what it changes, which is nearly every module.",
        "",
        "| processes | seconds on the wall | x one process |",
        "|---:|---:|---:|",
        *_jobs(corpus.jobs),
        "",
        "Growth: milliseconds for one task and its edges.",
        "",
        "| shape | tasks | edges | parse | read | transpile and write |",
        "|---|---:|---:|---:|---:|---:|",
        *(_growth(row) for row in growth),
    ]
    return "\n".join(lines) + "\n"


def _stage(name: str, seconds: float, floor: float, target: float | None) -> str:
    shown = "" if target is None else f"{target:g}"
    verdict = met(seconds / floor, target)
    return f"| {name} | {seconds:.2f} | {seconds / floor:.2f} | {shown} | {verdict} |"


def _jobs(jobs: dict[int, float]) -> list[str]:
    alone = jobs.get(1, 0.0)
    return [f"| {n} | {seconds:.2f} | {seconds / alone:.2f} |" for n, seconds in jobs.items()]


def _growth(row: Growth) -> str:
    each = [1000 * seconds / row.tasks for seconds in (row.parse, row.read, row.transpile)]
    shown = " | ".join(f"{milliseconds:.2f}" for milliseconds in each)
    return f"| {row.shape} | {row.tasks:,} | {row.edges:,} | {shown} |"
