"""How often a process of ours looks for garbage."""

from __future__ import annotations

import subprocess
import sys

from runtime.memory import ALLOCATIONS

PROGRAM = """
import gc
from runtime.memory import short_process

with short_process():
    print(gc.get_threshold()[0])
    alive = [[] for _ in range(100_000)]
print(gc.get_freeze_count() > 100_000)
"""


def test_a_short_process_ends_without_looking_through_what_is_alive() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True
    )

    assert ended.stdout.split() == [str(ALLOCATIONS), "True"]
