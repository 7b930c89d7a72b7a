"""`python -m benchmarks [PART…] [--write]`: all measurements, or those named, one after the other."""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable

from benchmarks import inference, pages, reading, running, starting
from benchmarks.progress import tell
from runtime.memory import collect_seldom

PARTS: dict[str, Callable[[list[str]], None]] = {
    "starting": starting.main,
    "reading": reading.main,
    "running": running.main,
    "pages": pages.main,
    "inference": inference.main,
}
"""Each has options of its own: `python -m benchmarks.reading --help`."""


def main(arguments: list[str] | None = None) -> None:
    """Measure, print the tables, and on request write them to the pages of this folder."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("parts", nargs="*", help=f"{', '.join(PARTS)} (all)")
    parser.add_argument("--write", action="store_true", help="write benchmarks/*.md")
    chosen = parser.parse_args(arguments)
    unknown = sorted(set(chosen.parts) - PARTS.keys())
    if unknown:
        parser.error(f"there is no {', '.join(unknown)}; there are {', '.join(PARTS)}")
    collect_seldom()  # as the command line does
    started = time.monotonic()
    for name in chosen.parts or PARTS:
        PARTS[name](["--write"] if chosen.write else [])
        tell(f"{name} done after {time.monotonic() - started:.0f} s")


if __name__ == "__main__":
    main()
