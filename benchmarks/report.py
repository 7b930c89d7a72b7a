"""Shows timings: a table for the terminal and a page for the repository."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence

from rich.table import Table

from benchmarks.aims import met
from benchmarks.measure import Timing

HEADINGS = ("command", "median", "min", "max", "processor", "x python", "x imports", "aim", "met")


def rows(timings: Sequence[Timing]) -> list[tuple[str, ...]]:
    """One row per timing; the first two are the floors: a bare interpreter, and our imports."""
    floors = [timing.median for timing in timings[:2]]
    return [_row(timing, floors) for timing in timings]


def table(timings: Sequence[Timing]) -> Table:
    """The timings as a table for the terminal."""
    shown = Table(title=f"Whole processes, {len(timings[0].seconds)} runs each")
    for heading in HEADINGS:
        shown.add_column(heading, justify="left" if heading == "command" else "right")
    for row in rows(timings):
        shown.add_row(*row)
    return shown


def markdown(timings: Sequence[Timing]) -> str:
    """The timings as a Markdown page, with the machine they were taken on."""
    lines = [
        "# Whole-process times",
        "",
        "Written by `make bench ARGS=--write`. Wall-clock time from start to end of the process,"
        f" {len(timings[0].seconds)} runs each, taken in turns, after one that is not counted;"
        " beside it the median of the processor's time. The aim is for the median.",
        "",
        f"{platform.python_implementation()} {platform.python_version()},"
        f" {platform.system()} {platform.machine()}, {os.cpu_count()} cores.",
        "",
        f"| {' | '.join(HEADINGS)} |",
        "|---|" + "---:|" * (len(HEADINGS) - 1),
        *(f"| {' | '.join(row)} |" for row in rows(timings)),
    ]
    return "\n".join(lines) + "\n"


def _row(timing: Timing, floors: Sequence[float]) -> tuple[str, ...]:
    target = timing.case.target_seconds
    return (
        timing.case.name,
        f"{timing.median:.3f} s",
        f"{min(timing.seconds):.3f} s",
        f"{max(timing.seconds):.3f} s",
        f"{timing.median_processor:.2f} s",
        *(f"{timing.median / floor:.1f}" for floor in floors),
        "" if target is None else f"{target} s",
        met(timing.median, target),
    )
