"""Every example of every rule is true."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from rules import Example
from tests.rules.lowered import REGISTRY, lower

EXAMPLES = [
    pytest.param(example, id=f"{rule.name}-{number}")
    for rule in REGISTRY.all()
    for number, example in enumerate(rule.examples, start=1)
]


@pytest.mark.parametrize("example", EXAMPLES)
def test_example(example: Example, tmp_path: Path) -> None:
    lowered = lower(tmp_path, example.before, example.config)

    assert [normal(text) for text in lowered.texts] == list(calls_in(example.after))
    assert (lowered.refused, lowered.untaken) == ([], [])
    assert "manual" not in {found.severity for found in lowered.findings}


def calls_in(after: str) -> Iterator[str]:
    """The step calls of an example, without their ids and their order."""
    for node in ast.walk(ast.parse(after)):
        if isinstance(node, (ast.Assign, ast.Expr)) and isinstance(node.value, ast.Call):
            call = node.value
            call.keywords = [word for word in call.keywords if word.arg not in ("id", "after")]
            yield ast.unparse(node)


def normal(text: str) -> str:
    """A call as Python would write it."""
    return ast.unparse(ast.parse(text))
