"""`python -m benchmarks.inference [--rows N …] [--write]`.

Load, predict and write against the embedded warehouse: a pipeline of `runtime.inference` beside a
script that does the same with the connector and the model alone, each in a process of its own.
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
from benchmarks.inference_setup import FEATURES, prepared

RESULTS = ROOT / "benchmarks" / "inference.md"
WORKERS = {"library": "benchmarks.inference_library", "script": "benchmarks.inference_script"}


def main(arguments: list[str] | None = None) -> None:
    """Measure, print the table, and on request write it to benchmarks/inference.md."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.inference", description=__doc__)
    parser.add_argument("--rows", type=int, nargs="+", default=[1_000_000], help="numbers of rows")
    parser.add_argument("--write", action="store_true", help=f"write {RESULTS.relative_to(ROOT)}")
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        measured = measure(Path(folder), chosen.rows)
    Console().print(report(measured))
    if chosen.write:
        RESULTS.write_text(markdown(measured), encoding="utf-8")


def measure(folder: Path, sizes: list[int]) -> list[dict[str, Any]]:
    """Measure both workers for each size: rows, seconds, and MB over what the imports took."""
    found: list[dict[str, Any]] = []
    with prepared(folder) as settings:
        for rows in track(sizes, description="sizes", console=Console(stderr=True)):
            settings.fill(rows)
            measured = {name: _run(module, settings.path) for name, module in WORKERS.items()}
            for name, figures in measured.items():
                if figures["written"] != rows:
                    raise RuntimeError(f"{name} wrote {figures['written']} of {rows} rows.")
            found.append({"rows": rows, **measured})
    return found


def _run(module: str, settings: Path) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, "-m", module, str(settings)], capture_output=True, text=True, cwd=ROOT
    )
    if done.returncode != 0:
        raise RuntimeError(f"{module} failed:\n{done.stdout[-2000:]}{done.stderr[-4000:]}")
    figures: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return figures


HEAD = ["rows", "library rows/s", "script rows/s", "ratio", "library MB", "script MB"]


def _cells(measured: dict[str, Any]) -> list[str]:
    library, script, rows = measured["library"], measured["script"], measured["rows"]
    speeds = [rows / each["seconds"] for each in (library, script)]
    return [
        f"{rows:,}",
        f"{speeds[0]:,.0f}",
        f"{speeds[1]:,.0f}",
        f"{speeds[0] / speeds[1]:.2f}",
        f"{library['megabytes']:,.0f}",
        f"{script['megabytes']:,.0f}",
    ]


def report(measured: list[dict[str, Any]]) -> Report:
    """The table for the terminal."""
    table = Report(*HEAD, title=f"{len(FEATURES)} features: load, predict, write")
    for each in measured:
        table.add_row(*_cells(each))
    return table


def markdown(measured: list[dict[str, Any]]) -> str:
    """The table as a page."""
    lines = [
        "# Load, predict and write",
        "",
        "Made by `python -m benchmarks.inference --write`. A pipeline of `runtime.inference`, with",
        "its artifacts, checks and metadata, beside a script of connector and model alone; the",
        "ratio is of rows per second. MB is the peak of memory over what it was after the imports.",
        "",
        f"| {' | '.join(HEAD)} |",
        f"|{'---:|' * len(HEAD)}",
        *(f"| {' | '.join(_cells(each))} |" for each in measured),
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
