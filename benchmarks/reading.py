"""`python -m benchmarks.reading [--corpus FOLDER] [--runs N] [--write]`: what reading DAG files costs."""

from __future__ import annotations

import argparse
from contextlib import nullcontext
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.cases import ROOT
from benchmarks.progress import shown, tell
from benchmarks.reading_corpus import SHAPES, write_corpus
from benchmarks.reading_measure import measure_corpus, measure_growth
from benchmarks.reading_report import page

RESULTS = ROOT / "benchmarks" / "reading.md"
COPIES = 60
"""Files of one company in the corpus, beside the fixtures."""


def main(arguments: list[str] | None = None) -> None:
    """Measure, print the page, and on request write it to benchmarks/reading.md."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.reading", description=__doc__)
    parser.add_argument("--corpus", type=Path, help="a folder of DAG files in place of our own")
    parser.add_argument("--copies", type=int, default=COPIES, help=f"files made ({COPIES})")
    parser.add_argument("--runs", type=int, default=2, help="passes of each measurement (2)")
    parser.add_argument(
        "--sizes", type=int, nargs="*", default=[500, 5000], help="tasks of each shape (500 5000)"
    )
    parser.add_argument("--jobs", type=int, nargs="*", default=[1, 2], help="processes (1 2)")
    parser.add_argument("--write", action="store_true", help=f"write {RESULTS.relative_to(ROOT)}")
    chosen = parser.parse_args(arguments)
    if chosen.runs < 1:
        parser.error("--runs must be at least 1")
    with nullcontext(chosen.corpus) if chosen.corpus else TemporaryDirectory() as folder:
        root = Path(folder).resolve()
        if not chosen.corpus:
            write_corpus(root, chosen.copies)
        tell("a corpus of DAG files")
        corpus = measure_corpus(root, chosen.runs, tuple(chosen.jobs))
    growth = [
        row
        for shape in shown("growth with the number of tasks", SHAPES)
        for row in measure_growth(shape, tuple(chosen.sizes), chosen.runs)
    ]
    text = page(corpus, growth)
    print(text)
    if chosen.write:
        RESULTS.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
