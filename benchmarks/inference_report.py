"""Shows what batch inference costs, for the terminal and as a Markdown page."""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping, Sequence
from typing import Any

from rich.table import Table

from benchmarks.inference_setup import FEATURES

AIM = 0.85
"""The share of the script's rows per second that the steps are to reach."""
AIM_MEGABYTES = 600
Cells = list[str]
Grid = tuple[str, Cells, list[Cells]]
"""Title, head and rows."""


def sizes(measured: Sequence[Mapping[str, Any]]) -> Grid:
    """Steps and pipeline beside the script, one row for each number of rows."""
    head = [
        "rows",
        "script, rows/s",
        "steps, rows/s",
        f"steps / script (aim {AIM})",
        "pipeline / script",
        "processor time, script / pipeline",
        f"pipeline, MB (aim {AIM_MEGABYTES})",
        "script, MB",
    ]
    return (
        f"{len(FEATURES)} features: load, predict, write",
        head,
        [_size(each) for each in measured],
    )


def _size(measured: Mapping[str, Any]) -> Cells:
    library, script, rows = measured["library"], measured["script"], measured["rows"]
    return [
        f"{rows:,}",
        f"{rows / script['seconds']:,.0f}",
        f"{rows / library['steps']:,.0f}",
        f"{script['seconds'] / library['steps']:.2f}",
        f"{script['seconds'] / library['seconds']:.2f}",
        f"{script['processor'] / library['processor']:.2f}",
        f"{library['megabytes']:,.0f}",
        f"{script['megabytes']:,.0f}",
    ]


PAIRS = [
    ("`write_frame`, append", "writer", "`PUT` and `COPY`", "put_and_copy"),
    ("KServe, one process", "kserve", "the model in the process", "in_process"),
]


def parts(rows: int, measured: Mapping[str, float]) -> Grid:
    """Each part beside what it is made of."""
    head = ["part", "rows/s", "beside", "rows/s", "ratio"]
    cells = [
        [
            name,
            f"{rows / measured[key]:,.0f}",
            beside,
            f"{rows / measured[other]:,.0f}",
            f"{measured[other] / measured[key]:.2f}",
        ]
        for name, key, beside, other in PAIRS
    ]
    return f"Parts, {rows:,} rows", head, cells


def mapped(rows: int, measured: Mapping[str, Mapping[str, float]]) -> Grid:
    """A dynamic pipeline with one step for each part of the rows."""
    head = ["mapped steps", "seconds", "rows/s", "longest step, seconds", "MB"]
    cells = [
        [
            number,
            f"{each['seconds']:.1f}",
            f"{rows / each['seconds']:,.0f}",
            f"{each['longest']:.1f}",
            f"{each['megabytes']:,.0f}",
        ]
        for number, each in measured.items()
    ]
    return f"{rows:,} rows in parts, on one machine", head, cells


def terminal(grid: Grid) -> Table:
    """A table for the terminal."""
    title, head, rows = grid
    table = Table(*head, title=title)
    for row in rows:
        table.add_row(*row)
    return table


def markdown(rounds: int, grids: Sequence[Grid]) -> str:
    """All tables as a page."""
    lines = [
        "# Load, predict and write",
        "",
        "Written by `python -m benchmarks.inference --rows 1000000 3000000 10000000 --write`. A",
        "pipeline of `runtime.inference`, with its artifacts, checks and metadata, beside a script of",
        "connector and model alone. Both find and load the same model of MLflow's registry, and use",
        "the same embedded warehouse, which works on the same processors. Steps are the sum of what",
        "ZenML notes for the six steps; the pipeline is all of it, with what ZenML does around them.",
        f"They take turns, {rounds} each, every one in a process of its own; the better of each",
        "counts. Processor time is that of the process, without the warehouse. MB is the peak of",
        "memory over what it was after the imports.",
        "",
        f"{platform.python_implementation()} {platform.python_version()},"
        f" {platform.system()} {platform.machine()}, {os.cpu_count()} cores.",
    ]
    for title, head, rows in grids:
        rule = f"|{'---:|' * len(head)}"
        lines += ["", f"**{title}**", "", _line(head), rule, *map(_line, rows)]
    return "\n".join(lines) + "\n"


def _line(cells: Cells) -> str:
    return f"| {' | '.join(cells)} |"
