"""Modules that many DAG files of a batch import, parsed once."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable

import libcst as cst

from transpiler.source.parse import parse

MAX_CHARACTERS = 1_000_000
"""Of the texts whose trees are kept; a tree takes some hundred times the room of its text."""


class SharedModules:
    """Trees by text, the last used ones. Trees are frozen, so that readers can share them."""

    def __init__(self, limit: int = MAX_CHARACTERS) -> None:
        self._limit = limit
        self._trees: OrderedDict[str, cst.Module] = OrderedDict()
        self._size = 0

    def parse(self, text: str, spent: Callable[[float], None] | None = None) -> cst.Module:
        """The tree of a text, as `transpiler.source.parse.parse` has it."""
        known = self._trees.get(text)
        if known is not None:
            self._trees.move_to_end(text)
            return known
        tree = parse(text, spent)
        if len(text) <= self._limit:
            self._trees[text] = tree
            self._size += len(text)
        while self._size > self._limit:
            dropped, _ = self._trees.popitem(last=False)
            self._size -= len(dropped)
        return tree


SHARED = SharedModules()
"""Of this process."""
