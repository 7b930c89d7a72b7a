"""The bounds that make reading a hostile file harmless."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

import libcst as cst

from transpiler.evaluate.errors import LimitReached


@dataclass
class Limits:
    """Bounds for one file.

    `seconds` is time of the processor, so that a busy machine changes no result; `size` counts
    items of a container or characters of a string, `total` those of all values made; `parts` the
    parts of nested containers, counted with repetition.
    """

    steps: int = 2_000_000
    depth: int = 60
    size: int = 1_000_000
    total: int = 100_000_000
    parts: int = 200_000
    nesting: int = 100
    loop: int = 50_000
    tasks: int = 20_000
    seconds: float = 8.0


@dataclass
class Budget:
    """What is left of the limits."""

    limits: Limits = field(default_factory=Limits)
    steps: int = 0
    made: int = 0
    started: float = field(default_factory=time.thread_time)
    look_again: float = 0.0
    """On the clock on the wall, before which the time of the processor cannot have run out."""

    def tick(self, node: cst.CSTNode | None) -> None:
        """Count one evaluated node. Raises LimitReached."""
        self.steps += 1
        if self.steps > self.limits.steps:
            raise LimitReached(f"more than {self.limits.steps:,} evaluation steps", node)
        # One step may be a call on a large value, so a clock is read at every one; the time of the
        # processor takes a hundred times as long to ask for.
        now = time.monotonic()
        if now >= self.look_again:
            left = self.limits.seconds - (time.thread_time() - self.started)
            if left < 0:
                text = f"reading took over {self.limits.seconds:g} seconds of computing"
                raise LimitReached(text, node)
            self.look_again = now + left

    def spend(self, seconds: float) -> None:
        """Count time that was spent elsewhere, such as in another process."""
        self.started -= seconds
        self.look_again -= seconds

    def size(self, size: int, what: str = "a value") -> None:
        """Count a value that is made. Raises LimitReached for one too large, or one too many."""
        self.fits(size, what)
        self.made += size
        if self.made > self.limits.total:
            raise LimitReached(f"all values together have over {self.limits.total:,} items")

    def fits(self, size: int, what: str = "a value") -> None:
        """Refuse a value that would grow past the limit. Raises LimitReached."""
        if size > self.limits.size:
            raise LimitReached(
                f"{what} would have {size:,} items; the limit is {self.limits.size:,}"
            )

    def weight(self, value: object) -> None:
        """Refuse nested containers with too many parts or levels. Raises LimitReached."""
        count, stack = 0, [(value, 0)]
        while stack:
            item, depth = stack.pop()
            count += 1
            if count > self.limits.parts:
                raise LimitReached(f"a nested container has over {self.limits.parts:,} parts")
            if depth > self.limits.nesting:
                raise LimitReached(f"a value is nested over {self.limits.nesting} deep")
            if isinstance(item, dict):
                stack.extend((part, depth + 1) for part in item.values())
            elif isinstance(item, (list, tuple, set, frozenset)):
                stack.extend((part, depth + 1) for part in item)
