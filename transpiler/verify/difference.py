"""One difference between what migration.json says and what was found."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from transpiler.emit.text import visible


@dataclass(frozen=True, slots=True)
class Difference:
    """`expected` is what migration.json says; `field` is the name that it has there."""

    file: str
    dag_id: str
    task_id: str | None
    field: str
    expected: Any
    found: Any

    def __str__(self) -> str:
        place = f"{self.file}:{self.dag_id}:{self.task_id or ''}:{self.field}"
        return visible(f"{place} expected {self.expected!r}, found {self.found!r}")

    def as_json(self) -> dict[str, Any]:
        """The difference as plain data."""
        return asdict(self)
