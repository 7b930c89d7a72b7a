"""What a rule raises when it cannot translate a task."""

from __future__ import annotations

from transpiler.model.finding import Finding


class UntranslatableError(Exception):
    """The task cannot be translated; the step is emitted so that it raises with this finding's code."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(f"{finding.code}: {finding.message}")
        self.finding = finding
