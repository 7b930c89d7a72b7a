"""How evaluation ends early."""

from __future__ import annotations

from typing import Any

import libcst as cst


class LimitReached(Exception):
    """A bound on steps, depth, size or time was hit."""

    def __init__(self, what: str, node: cst.CSTNode | None = None) -> None:
        super().__init__(what)
        self.what = what
        self.node = node


class DagCodeError(Exception):
    """The evaluated code raises, as it would in Airflow. `kind` is the exception's class name."""

    def __init__(self, kind: str, text: str, node: cst.CSTNode | None = None) -> None:
        super().__init__(f"{kind}: {text}" if text else kind)
        self.kind = kind
        self.text = text
        self.node = node
        self.module: str | None = None
        self.ancestors: frozenset[str] = frozenset()


class Returned(Exception):
    """`return` in an evaluated function."""

    def __init__(self, value: Any) -> None:
        super().__init__()
        self.value = value


class LoopExit(Exception):
    """`break`, or `continue` (`again`)."""

    def __init__(self, *, again: bool) -> None:
        super().__init__()
        self.again = again


class NotAssumedError(DagCodeError):
    """An expression has no value by the file's own defaults, or finding it would do more than that."""

    def __init__(self) -> None:
        super().__init__("NotAssumed", "")
