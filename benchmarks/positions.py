"""`python -m benchmarks.positions`: what the places of nodes cost, against LibCST's parse in the same run."""

from __future__ import annotations

import sysconfig
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import libcst as cst
from libcst.metadata import MetadataWrapper, PositionProvider

from transpiler.source.positions import Positions

MODULES = 80
T = TypeVar("T")


def main() -> None:
    """Print the two ratios, each the best of three passes over modules of the standard library."""
    texts = _texts()
    parse, trees = _best(lambda: [cst.parse_module(text) for text in texts])
    own, _ = _best(lambda: [Positions(tree).range(tree) for tree in trees])
    provider, _ = _best(lambda: [_provider(tree) for tree in trees])
    print(f"parse of {len(texts)} modules: {parse:.2f} s")
    print(f"Positions: {own / parse:.2f} times the parse")
    print(f"PositionProvider: {provider / parse:.2f} times the parse")


def _texts() -> list[str]:
    folder = Path(sysconfig.get_paths()["stdlib"])
    return [path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.py"))[:MODULES]]


def _provider(tree: cst.Module) -> object:
    return MetadataWrapper(tree, unsafe_skip_copy=True).resolve(PositionProvider)


def _best(action: Callable[[], list[T]]) -> tuple[float, list[T]]:
    seconds: list[float] = []
    found: list[T] = []
    for _ in range(3):
        started = time.perf_counter()
        found = action()
        seconds.append(time.perf_counter() - started)
    return min(seconds), found


if __name__ == "__main__":
    main()
