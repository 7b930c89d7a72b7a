"""Modules that several files import, parsed once."""

from __future__ import annotations

import pytest

from transpiler.source.errors import SourceError
from transpiler.source.shared import SharedModules


def test_one_tree_for_one_text() -> None:
    shared = SharedModules()
    assert shared.parse("x = 1\n") is shared.parse("x = 1\n")
    assert shared.parse("x = 1\n") is not shared.parse("x = 2\n")


def test_the_texts_used_last_are_kept() -> None:
    shared = SharedModules(limit=12)
    first, second = shared.parse("x = 1\n"), shared.parse("x = 2\n")
    assert shared.parse("x = 1\n") is first
    shared.parse("x = 3\n")
    assert shared.parse("x = 1\n") is first
    assert shared.parse("x = 2\n") is not second


def test_a_text_over_the_limit_is_not_kept() -> None:
    shared = SharedModules(limit=3)
    assert shared.parse("x = 1\n") is not shared.parse("x = 1\n")


def test_errors_are_raised_each_time() -> None:
    shared = SharedModules()
    for _ in range(2):
        with pytest.raises(SourceError):
            shared.parse("x = = 1\n")
