"""A finding: what the user must know about one place of the source, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass

from transpiler.model.codes import CODES, Severity
from transpiler.model.span import Span
from transpiler.model.suppression import Suppressed

__all__ = ["Finding", "Severity", "finding"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One coded remark. `manual`: not equivalent until a person acts; `warning`: equivalent after a setting; `info`."""

    code: str
    severity: Severity
    message: str
    remedy: str
    span: Span
    task_id: str | None = None
    suppressed: Suppressed | None = None
    """Why somebody accepts it, where somebody does."""


def finding(
    code: str,
    span: Span,
    detail: str,
    *,
    task_id: str | None = None,
    severity: Severity | None = None,
    remedy: str | None = None,
) -> Finding:
    """Make a finding of a catalogued code; `detail` says what was found here.

    Raises KeyError for a code that is not in the catalogue.
    """
    entry = CODES[code]
    return Finding(code, severity or entry.severity, detail, remedy or entry.remedy, span, task_id)
