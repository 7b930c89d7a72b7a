"""The contents that a plan writes, without a second copy of what the run has generated."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from transpiler.workspace.output import encoded


class Contents(Mapping[str, bytes]):
    """What is written, by path: as generated, or bytes of its own (merged, other line endings)."""

    def __init__(self, generated: Mapping[str, str]) -> None:
        self._generated = generated
        self._own: dict[str, bytes | None] = {}

    def note(self, name: str, content: bytes, generated: bytes) -> None:
        """Take what is to be written to a file, and what was generated for it."""
        self._own[name] = None if content == generated else content

    def __getitem__(self, name: str) -> bytes:
        own = self._own[name]
        return encoded(self._generated[name]) if own is None else own

    def __iter__(self) -> Iterator[str]:
        return iter(self._own)

    def __len__(self) -> int:
        return len(self._own)
