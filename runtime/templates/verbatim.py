"""A value that is no template, though it may look like one: what another task returned."""

from __future__ import annotations

from collections.abc import Iterator, KeysView
from typing import Any


class Verbatim:
    """Keeps a value from being rendered; `{**verbatim}` and `[*verbatim]` each part of it."""

    def __init__(self, value: Any) -> None:
        """Take the value."""
        self.value = value

    def keys(self) -> KeysView[str]:
        """Give the keys of a dict."""
        keys: KeysView[str] = self.value.keys()
        return keys

    def __iter__(self) -> Iterator[Verbatim]:
        """Give the items of a list, each kept from rendering as well."""
        return (Verbatim(item) for item in self.value)

    def __getitem__(self, key: str) -> Verbatim:
        """Give one value of a dict, kept from rendering as well."""
        return Verbatim(self.value[key])


class VerbatimText(str):
    """A text that is no template, for code that passes values on to `render` as they come."""

    __slots__ = ()
