"""Names of emitted SQL files, unique below the folder of a pipeline."""

from __future__ import annotations

import re
from collections.abc import Hashable

SUFFIX = ".sql"
_UNSAFE = re.compile(r"[^A-Za-z0-9_]+")
_MAX_LENGTH = 100


def safe_name(text: str) -> str:
    """The text with nothing in it but letters, digits and underscores; never empty."""
    return _UNSAFE.sub("_", text).strip("_")[:_MAX_LENGTH] or "query"


class SqlNames:
    """Hands out file names; a key gets the same name again. Names differ in more than case."""

    def __init__(self, folder: str) -> None:
        self.folder = folder
        self._names: dict[Hashable, str] = {}
        self._taken: set[str] = set()

    def name(self, stem: str, key: Hashable) -> str:
        """A name like `<folder>/<stem>.sql` for what the key stands for; `stem` may have folders of
        its own.
        """
        if key not in self._names:
            safe = "/".join(safe_name(part) for part in stem.split("/"))
            name, number = f"{self.folder}/{safe}{SUFFIX}", 1
            while name.lower() in self._taken:
                number += 1
                name = f"{self.folder}/{safe}_{number}{SUFFIX}"
            self._taken.add(name.lower())
            self._names[key] = name
        return self._names[key]
