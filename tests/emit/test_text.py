"""Foreign text in Python source."""

from __future__ import annotations

import ast
import inspect

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transpiler.emit.errors import EmitError
from transpiler.emit.style import formatted
from transpiler.emit.text import (
    BIDI_CONTROLS,
    comment_lines,
    docstring,
    quoted,
    visible,
    without_bidi_controls,
)

hostile = st.text(
    st.one_of(
        st.sampled_from(["'", '"', "\\", "\n", "\r", "#", "{", "}", "%", "\0", "\x0c", "\u2028"]),
        st.sampled_from(BIDI_CONTROLS),
        st.characters(exclude_categories=["Cs"]),
    ),
    max_size=40,
)


@given(hostile)
def test_docstring_evaluates_to_the_text(text: str) -> None:
    value = ast.literal_eval(docstring(text))
    assert isinstance(value, str)
    lines = text.strip().replace("\r\n", "\n").replace("\r", "\n").split("\n")
    assert value.strip("\n") == "\n".join(line.rstrip() for line in lines).strip("\n")


@given(hostile)
def test_docstring_has_no_character_that_does_not_print(text: str) -> None:
    assert docstring(text).replace("\n", "").isprintable()


@given(hostile, hostile)
def test_comment_stays_a_comment(text: str, other: str) -> None:
    lines = comment_lines(text)
    assert all(line.startswith("#") for line in lines)
    assert all(line.replace("\t", "").isprintable() for line in lines)
    tree = ast.parse("\n".join([*lines, f"value = {other!r}"]))
    assert len(tree.body) == 1


def test_comment_keeps_the_indentation_of_code() -> None:
    assert comment_lines("call(\n    x,\n)") == ["# call(", "#     x,", "# )"]
    assert comment_lines("  # as it was  ") == ["# as it was"]
    assert comment_lines("a\n\nb") == ["# a", "#", "# b"]


@pytest.mark.parametrize("char", BIDI_CONTROLS)
def test_bidi_controls_become_escapes(char: str) -> None:
    source = f'x = "a{char}b"  # c{char}d\ny = "\\\\{char}"\nz = "\\{char}"\n'
    cleaned = without_bidi_controls(source)
    assert not any(c in cleaned for c in BIDI_CONTROLS)
    before: dict[str, str] = {}
    after: dict[str, str] = {}
    for text, names in ((source, before), (cleaned, after)):
        for statement in ast.parse(text).body:
            assert isinstance(statement, ast.Assign)
            assert isinstance(statement.targets[0], ast.Name)
            assert isinstance(statement.value, ast.Constant)
            names[statement.targets[0].id] = statement.value.value
    assert before == after


def test_bidi_control_in_a_raw_string_stays_because_it_is_data() -> None:
    source = "x = r'a\u202eb'  # c\u202ed\n"
    assert without_bidi_controls(source) == "x = r'a\u202eb'  # c\\u202ed\n"


def test_source_without_bidi_controls_is_not_touched() -> None:
    source = inspect.getsource(test_comment_keeps_the_indentation_of_code)
    assert without_bidi_controls(source) is source


def test_what_black_cannot_read_is_an_error() -> None:
    with pytest.raises(EmitError, match="not Python"):
        formatted("def (")


def test_visible_shows_what_does_not_print() -> None:
    assert visible("plain 🚀") == "plain 🚀"
    assert visible("\x1b[31m\u202e\U000e0001") == "\\u001b[31m\\u202e\\U000e0001"
    assert visible("a\tb\n", keep="\t") == "a\tb\\u000a"


@given(hostile)
def test_quoted_as_black_does(text: str) -> None:
    assert ast.literal_eval(quoted(text)) == text
    assert formatted(f"x = {text!r}") == f"x = {quoted(text)}\n"
