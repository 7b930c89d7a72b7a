"""Source expressions are whole expressions."""

from __future__ import annotations

import pytest

from transpiler.emit.errors import EmitError
from transpiler.emit.expressions import checked, id_list, identifier, in_parentheses, keywords
from transpiler.model.pipeline import Expr


@pytest.mark.parametrize(
    "code",
    [
        "1), print(2",
        "x; y",
        "x = 1",
        "",
        "# nothing",
        "a\nb",
        "(",
        "x # c\n) + (y",
        "x # c\n], [y",
        "a, b",
        "a,",
        "*a",
        "x for x in y",
        "a # c",
    ],
)
def test_what_is_not_one_expression_is_refused(code: str) -> None:
    with pytest.raises(EmitError, match="not one expression"):
        checked(Expr(code))


@pytest.mark.parametrize("code", ["1", 'f"{a}_x"', "[\n    1,  # one\n    2,\n]", '"""a\nb"""'])
def test_expressions_pass(code: str) -> None:
    assert checked(Expr(f" {code} ")) == code


def test_several_lines_get_parentheses() -> None:
    assert in_parentheses(Expr("a +\nb")) == "(a +\nb)"
    assert in_parentheses(Expr("a + b")) == "a + b"


@pytest.mark.parametrize("name", ["class", "a b", "", "1a", "a=1, b"])
def test_names_are_identifiers(name: str) -> None:
    with pytest.raises(EmitError, match="identifier"):
        identifier(name, "argument")
    with pytest.raises(EmitError, match="identifier"):
        keywords({name: Expr("1")})


@pytest.mark.parametrize(
    ("ids", "code"),
    [
        (["'a'", "'b'"], "['a', 'b']"),
        (["*(f'{x}' for x in XS)"], "[f'{x}' for x in XS]"),
        (["*[f'{x}' for x in XS]"], "[f'{x}' for x in XS]"),
        (["*IDS"], "[*IDS]"),
        (["'a'", "*(x for x in XS)"], "['a', *(x for x in XS)]"),
    ],
)
def test_lists_of_ids(ids: list[str], code: str) -> None:
    assert id_list(Expr(text) for text in ids) == code
