"""`python -m benchmarks.starting [--runs N] [--write]`: what commands cost as whole processes."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from rich.console import Console

from benchmarks.cases import ROOT, cases
from benchmarks.measure import CommandFailedError, measure
from benchmarks.report import markdown, table

RESULTS = ROOT / "benchmarks" / "results.md"


def main(arguments: list[str] | None = None) -> None:
    """Measure, print the table, and on request write it to benchmarks/results.md."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.starting", description=__doc__)
    parser.add_argument("--runs", type=int, default=10, help="runs of each command (10)")
    parser.add_argument("--write", action="store_true", help=f"write {RESULTS.relative_to(ROOT)}")
    chosen = parser.parse_args(arguments)
    if chosen.runs < 1:
        parser.error("--runs must be at least 1")
    with tempfile.TemporaryDirectory() as folder:
        try:
            timings = measure(cases(Path(folder) / "out"), chosen.runs)
        except CommandFailedError as error:
            parser.exit(1, f"{error}\n")
    Console().print(table(timings))
    if chosen.write:
        RESULTS.write_text(markdown(timings), encoding="utf-8")


if __name__ == "__main__":
    main()
