"""A plan as a list of changes, to be looked at."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from transpiler.workspace.base import has_base
from transpiler.workspace.plan import Plan, read_content
from transpiler.workspace.unified import TextDiff, text_diff

ChangeKind = Literal["added", "changed", "merged", "conflict", "removed"]


@dataclass(frozen=True)
class Change:
    """One file that a run would write or remove."""

    path: str
    kind: ChangeKind
    diff: TextDiff | None
    """None for the reports for machines, whose lines say nothing to a reader."""

    def as_json(self) -> dict[str, Any]:
        """The change as plain data."""
        diff = self.diff
        return {
            "path": self.path,
            "kind": self.kind,
            "added": diff.added if diff else None,
            "removed": diff.removed if diff else None,
            "diff": "".join(f"{line}\n" for line in diff.lines) if diff else None,
        }


def changes_of(root: Path, plan: Plan) -> list[Change]:
    """What the plan would change below `root`, by path."""
    return sorted(_changes(root, plan), key=lambda change: change.path)


def _changes(root: Path, plan: Plan) -> Iterator[Change]:
    kinds: dict[str, ChangeKind] = {"merged": "merged", "conflict": "conflict"}
    for name, after in plan.write.items():
        before = read_content(root, name)
        kind = kinds.get(plan.kinds[name]) or ("added" if before is None else "changed")
        yield Change(name, kind, text_diff(name, before, after) if has_base(name) else None)
    for name in plan.remove:
        diff = text_diff(name, read_content(root, name), None) if has_base(name) else None
        yield Change(name, "removed", diff)
