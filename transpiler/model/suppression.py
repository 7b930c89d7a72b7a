"""A wish to accept findings of one code, and what a finding says of it."""

from __future__ import annotations

from dataclasses import dataclass

from transpiler.model.span import Span


@dataclass(frozen=True, slots=True)
class Suppression:
    """One code of a comment `# dag2zen: ignore[…] reason` or of `suppress` in migration.yaml.

    `line` is the line of the source that a comment is about; None is the whole file. `problem` says
    why it cannot be followed, or is empty.
    """

    code: str
    reason: str
    span: Span
    line: int | None = None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Suppressed:
    """Why a finding is suppressed, and the place that says so."""

    reason: str
    place: str
