"""Files of which memory holds the compressed form, as the pages of a tree of DAGs."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping

from transpiler.workspace.output import encoded

_LEVEL = 1
"""The quickest; pages still become a tenth of their size."""


class PackedFiles(Mapping[str, str]):
    """Some files as they are, and others that are unpacked each time one is asked for."""

    def __init__(self, files: Mapping[str, str]) -> None:
        self._files = files
        self._packed: dict[str, bytes] = {}

    def pack(self, name: str, text: str) -> None:
        """Add a file, in place of an earlier one of that name."""
        self._packed[name] = zlib.compress(encoded(text), _LEVEL)

    def __getitem__(self, name: str) -> str:
        if name in self._packed:
            return zlib.decompress(self._packed[name]).decode()
        return self._files[name]

    def __iter__(self) -> Iterator[str]:
        yield from self._packed
        yield from (name for name in self._files if name not in self._packed)

    def __len__(self) -> int:
        return len(self._packed.keys() | self._files.keys())
