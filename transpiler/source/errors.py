"""What goes wrong before a file can be evaluated."""

from __future__ import annotations


class SourceError(Exception):
    """A file that cannot be read as a module: a finding code, a text, and the place (1-based)."""

    def __init__(self, code: str, message: str, line: int = 1, column: int = 1) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.line = line
        self.column = column
