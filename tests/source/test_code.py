"""The text of nodes is what LibCST writes."""

from __future__ import annotations

from pathlib import Path

import libcst as cst
import pytest

from transpiler.source.code import code_of
from transpiler.source.deep import run_deep
from transpiler.source.positions import statement_code

FILES = sorted((Path(__file__).parents[2] / "fixtures_dags").glob("*.py"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_statements_of_dag_files(path: Path) -> None:
    def compare() -> None:
        module = cst.parse_module(path.read_text(encoding="utf-8"))
        for statement in module.body:
            inner = statement.body.body if isinstance(statement, cst.FunctionDef) else ()
            for node in (statement, *inner):
                expected = module.code_for_node(node)
                assert code_of(module, node) == statement_code(module, node) == expected

    run_deep(compare)


def test_a_last_line_without_its_end() -> None:
    module = cst.parse_module("a = 1\n\n# why\nb = (\n    2)")

    assert [statement_code(module, one) for one in module.body] == [
        "a = 1\n",
        "\n# why\nb = (\n    2)\n",
    ]


def test_a_statement_of_another_module() -> None:
    module, other = cst.parse_module("a = 1\nb = 2\n"), cst.parse_module("c = 3\n")

    assert statement_code(module, other.body[0]) == "c = 3\n"
