"""`python -m benchmarks.inference [--rows N …] [--write]`.

Load, predict and write against the embedded warehouse: a pipeline of `runtime.inference` beside a
script that does the same with the connector and the model alone, each in a process of its own.
Then the writer beside `PUT` and `COPY`, and KServe beside the model in the process.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import track
from rich.table import Table as Report

from benchmarks.cases import ROOT
from benchmarks.inference_setup import FEATURES, Settings, prepared

RESULTS = ROOT / "benchmarks" / "inference.md"
PART_ROWS = 500_000
"""How many rows the parts alone are measured with."""
WORKERS = {"library": "benchmarks.inference_library", "script": "benchmarks.inference_script"}


def main(arguments: list[str] | None = None) -> None:
    """Measure, print the table, and on request write it to benchmarks/inference.md."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.inference", description=__doc__)
    parser.add_argument("--rows", type=int, nargs="+", default=[1_000_000], help="numbers of rows")
    parser.add_argument("--write", action="store_true", help=f"write {RESULTS.relative_to(ROOT)}")
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder, prepared(Path(folder)) as settings:
        measured = measure(settings, chosen.rows)
        parts = _run("benchmarks.inference_parts", settings.path, str(PART_ROWS))
    for table in (report(measured), part_report(parts)):
        Console().print(table)
    if chosen.write:
        RESULTS.write_text(markdown(measured, parts), encoding="utf-8")


def measure(settings: Settings, sizes: list[int]) -> list[dict[str, Any]]:
    """Measure both workers for each size: rows, seconds, and MB over what the imports took."""
    found: list[dict[str, Any]] = []
    for rows in track(sizes, description="sizes", console=Console(stderr=True)):
        settings.fill(rows)
        measured = {name: _run(module, settings.path) for name, module in WORKERS.items()}
        for name, figures in measured.items():
            if figures["written"] != rows:
                raise RuntimeError(f"{name} wrote {figures['written']} of {rows} rows.")
        found.append({"rows": rows, **measured})
    return found


def _run(module: str, settings: Path, *more: str) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, "-m", module, str(settings), *more],
        capture_output=True,
        text=True,
        cwd=ROOT,
    )
    if done.returncode != 0:
        raise RuntimeError(f"{module} failed:\n{done.stdout[-2000:]}{done.stderr[-4000:]}")
    figures: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return figures


HEAD = [
    "rows",
    "script rows/s",
    "steps rows/s",
    "steps / script",
    "pipeline rows/s",
    "pipeline / script",
    "pipeline MB",
    "script MB",
]


def _cells(measured: dict[str, Any]) -> list[str]:
    library, script, rows = measured["library"], measured["script"], measured["rows"]
    alone = rows / script["seconds"]
    steps, pipeline = rows / library["steps"], rows / library["seconds"]
    return [
        f"{rows:,}",
        f"{alone:,.0f}",
        f"{steps:,.0f}",
        f"{steps / alone:.2f}",
        f"{pipeline:,.0f}",
        f"{pipeline / alone:.2f}",
        f"{library['megabytes']:,.0f}",
        f"{script['megabytes']:,.0f}",
    ]


def report(measured: list[dict[str, Any]]) -> Report:
    """The table for the terminal."""
    table = Report(*HEAD, title=f"{len(FEATURES)} features: load, predict, write")
    for each in measured:
        table.add_row(*_cells(each))
    return table


PART_HEAD = ["part", "rows/s", "beside", "rows/s", "ratio"]
PART_PAIRS = [
    ("`write_frame`, append", "writer", "`PUT` and `COPY`", "put_and_copy"),
    ("KServe, one process", "kserve", "the model in the process", "in_process"),
]


def _part_cells(parts: dict[str, float]) -> list[list[str]]:
    return [
        [
            name,
            f"{PART_ROWS / parts[key]:,.0f}",
            beside,
            f"{PART_ROWS / parts[other]:,.0f}",
            f"{parts[other] / parts[key]:.2f}",
        ]
        for name, key, beside, other in PART_PAIRS
    ]


def part_report(parts: dict[str, float]) -> Report:
    """The second table for the terminal."""
    table = Report(*PART_HEAD, title=f"{PART_ROWS:,} rows")
    for row in _part_cells(parts):
        table.add_row(*row)
    return table


def markdown(measured: list[dict[str, Any]], parts: dict[str, float]) -> str:
    """Both tables as a page."""
    lines = [
        "# Load, predict and write",
        "",
        "Made by `python -m benchmarks.inference --write`. A pipeline of `runtime.inference`, with",
        "its artifacts, checks and metadata, beside a script of connector and model alone, both",
        "against the embedded warehouse, which works for both on the same processors. Steps are",
        "the sum of what ZenML notes for the six steps; the pipeline is all of it, with what ZenML",
        "does around them. MB is the peak of memory over what it was after the imports.",
        "",
        *_grid(HEAD, [_cells(each) for each in measured]),
        "",
        f"Parts alone, {PART_ROWS:,} rows, the best of three turns:",
        "",
        *_grid(PART_HEAD, _part_cells(parts)),
    ]
    return "\n".join(lines) + "\n"


def _grid(head: list[str], rows: list[list[str]]) -> list[str]:
    rule = f"|{'---:|' * len(head)}"
    first, *others = [f"| {' | '.join(cells)} |" for cells in (head, *rows)]
    return [first, rule, *others]


if __name__ == "__main__":
    main()
