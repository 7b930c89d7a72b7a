"""What a row of the catalogue of findings is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal["info", "warning", "manual"]


@dataclass(frozen=True, slots=True)
class Code:
    """One row: the severity it has unless a rule lowers it, a title, what it means, and what to do."""

    code: str
    severity: Severity
    title: str
    meaning: str
    remedy: str
