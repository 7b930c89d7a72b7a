"""`python -m benchmarks.inference [--rows N …] [--rounds N] [--write]`.

Load, predict and write against the embedded warehouse: a pipeline of `runtime.inference` beside a
script that does the same with the connector and the model alone, each in a process of its own.
Then the writer beside `PUT` and `COPY`, KServe beside the model in the process, and the same rows
in parts, each a mapped step.
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

from benchmarks.cases import ROOT
from benchmarks.inference_report import mapped, markdown, parts, sizes, terminal
from benchmarks.inference_setup import Settings, prepared
from benchmarks.progress import shown

RESULTS = ROOT / "benchmarks" / "inference.md"
PART_ROWS = 500_000
"""How many rows the parts alone are measured with."""
WORKERS = {"library": "benchmarks.inference_library", "script": "benchmarks.inference_script"}
MAPPED_STEPS = (1, 4, 16)


def main(arguments: list[str] | None = None) -> None:
    """Measure, print the tables, and on request write them to benchmarks/inference.md."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.inference", description=__doc__)
    parser.add_argument("--rows", type=int, nargs="+", default=[1_000_000], help="numbers of rows")
    parser.add_argument("--rounds", type=int, default=3, help="turns of each side (%(default)s)")
    parser.add_argument("--write", action="store_true", help=f"write {RESULTS.relative_to(ROOT)}")
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder, prepared(Path(folder)) as settings:
        in_parts = measure_mapped(settings, chosen.rows[0])
        beside = measure(settings, chosen.rows, chosen.rounds)
        alone = _run("benchmarks.inference_parts", settings.path, str(PART_ROWS))
    grids = [sizes(beside), parts(PART_ROWS, alone), mapped(chosen.rows[0], in_parts)]
    for grid in grids:
        Console().print(terminal(grid))
    if chosen.write:
        RESULTS.write_text(markdown(chosen.rounds, grids), encoding="utf-8")


def measure(settings: Settings, numbers: list[int], rounds: int) -> list[dict[str, Any]]:
    """Measure both workers for each number of rows: seconds, processor seconds, and MB."""
    found: list[dict[str, Any]] = []
    for rows in shown("numbers of rows", numbers):
        settings.fill(rows)
        turns: dict[str, list[dict[str, float]]] = {name: [] for name in WORKERS}
        for _ in range(rounds):
            for name, module in WORKERS.items():
                turns[name].append(_whole(_run(module, settings.path), rows, name))
        found.append({"rows": rows, **{name: best(figures) for name, figures in turns.items()}})
    return found


def measure_mapped(settings: Settings, rows: int) -> dict[str, dict[str, float]]:
    """Measure the rows in one part and in several, each number of them once."""
    settings.fill(rows)
    found: dict[str, dict[str, float]] = {}
    for steps in shown("numbers of parts", MAPPED_STEPS):
        figures = _run("benchmarks.inference_mapped", settings.path, str(steps))
        if figures["steps"] != steps:
            raise RuntimeError(f"{figures['steps']} steps ran, not {steps}.")
        found[str(steps)] = _whole(figures, rows, f"the pipeline in {steps} parts")
    return found


def best(turns: list[dict[str, float]]) -> dict[str, float]:
    """Give the figures of the turn that took least time, with the highest peak of memory of all."""
    fastest = min(turns, key=lambda figures: figures["seconds"])
    return {**fastest, "megabytes": max(figures["megabytes"] for figures in turns)}


def _whole(figures: dict[str, float], rows: int, name: str) -> dict[str, float]:
    if figures["written"] != rows:
        raise RuntimeError(f"{name} wrote {figures['written']} of {rows} rows.")
    return figures


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


if __name__ == "__main__":
    main()
