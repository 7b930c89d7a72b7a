"""A thread with room for deep recursion: LibCST parses, visits and prints trees recursively."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from typing import TypeVar

STACK_BYTES = 512 * 1024 * 1024
RECURSION = 12_000
"""Python frames; each takes under 10 KiB of the native stack, so the stack is never exhausted."""
_NAME = "dag2zen-deep"
T = TypeVar("T")


def run_deep(action: Callable[[], T]) -> T:
    """Run the action in a thread with a large stack. Re-raises what it raises.

    Within such a thread the action is simply called.
    """
    if threading.current_thread().name == _NAME:
        return action()
    results: list[T] = []
    raised: list[BaseException] = []

    def run() -> None:
        try:
            results.append(action())
        except BaseException as error:  # raised again in the thread that waits
            raised.append(error)

    stack, recursion = threading.stack_size(STACK_BYTES), sys.getrecursionlimit()
    sys.setrecursionlimit(max(recursion, RECURSION))
    try:
        thread = threading.Thread(target=run, name=_NAME)
        thread.start()
        threading.stack_size(stack)
        thread.join()
    finally:
        sys.setrecursionlimit(recursion)
    if raised:
        raise raised[0]
    return results[0]
