"""Plain statements are laid out as Black does it, without Black."""

from __future__ import annotations

import re
import sysconfig
from pathlib import Path

import black
import pytest
from black.mode import Mode, TargetVersion
from black.parsing import InvalidInput
from hypothesis import given, settings
from hypothesis import strategies as st

from transpiler.emit.plain_definitions import MIN_LINES
from transpiler.emit.plain_layout import laid_out
from transpiler.emit.plain_module import format_around

MODE = Mode(line_length=60, target_versions={TargetVersion.PY310})
_NAMES = re.compile(r"(?: *(?:(?:import |return )?x+\d+|def x+\d+\(\):)\n+)+")


def by_black(source: str) -> str:
    """Black's own result."""
    return black.format_str(source, mode=MODE)


def seen_by_black(source: str) -> str:
    """What Black is shown of the module."""
    shown: list[str] = []

    def look(text: str) -> str:
        shown.append(text)
        return by_black(text)

    assert format_around(source, 60, look) == by_black(source)
    return shown[-1]


_WORD = st.text("abcdefgh", min_size=1, max_size=9).map(lambda text: f"{text}_")
_ATOM = st.one_of(
    _WORD,
    st.tuples(_WORD, _WORD).map(".".join),
    st.integers(-100, 100_000).map(str),
    st.sampled_from(["None", "True", "0.5", "''", "()", "{}", "[]", 'f"{x}\'s"', "f'{x}'"]),
    st.text("abc '\"{}é,", max_size=30).map(repr),
)


def _bracket(opening: str, closing: str, element: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.tuples(st.lists(element, min_size=1, max_size=5), st.sampled_from(["", ","])).map(
        lambda made: f"{opening}{', '.join(made[0])}{made[1]}{closing}"
    )


def _deeper(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    keyword = st.tuples(_WORD, inner).map("=".join)
    item = st.tuples(inner, inner).map(" :".join)
    arguments = _bracket("(", ")", st.one_of(inner, keyword.map(lambda text: f"**{{{text!r}: 1}}")))
    named = _bracket("(", ")", keyword)
    return st.one_of(
        st.tuples(_WORD, arguments).map("".join),
        st.tuples(_WORD, named).map("".join),
        st.tuples(_WORD, named, named).map(
            lambda made: f"{made[0]}.with_options{made[1]}{made[2]}"
        ),
        _bracket("[", "]", inner),
        _bracket("(", ")", inner),
        _bracket("{", "}", item),
        st.tuples(inner, inner).map(" + ".join),
        st.tuples(_WORD, inner).map(lambda made: f"{made[0]}[{made[1]}]"),
    )


_EXPRESSION = st.recursive(_ATOM, _deeper, max_leaves=12)
_STATEMENT = st.one_of(
    _EXPRESSION.map(lambda text: f"call({text}, id='one')"),
    _EXPRESSION.map(lambda text: f"name = {text}"),
    _EXPRESSION.map(lambda text: f"name = {text} # why"),
    _EXPRESSION.map(lambda text: f"@set({text})\ndef f(a, b): \n    return {text}"),
    _EXPRESSION.map(lambda text: f"if {text}:\n  import a\n  name = {text}"),
    st.sampled_from(["", "\n", "import a.b", "from a import b, c", "# why", "'text'", "a = b = 1"]),
)


def _valid(source: str) -> bool:
    try:
        compile(source, "made", "exec", dont_inherit=True)
    except (SyntaxError, SyntaxWarning):
        return False
    return True


@settings(deadline=None, max_examples=60)
@given(st.lists(_STATEMENT.filter(_valid), min_size=1, max_size=5).map("\n".join))
def test_any_statements_come_out_as_black_writes_them(source: str) -> None:
    seen_by_black(source + "\n")


@pytest.mark.parametrize(
    "source",
    [
        pytest.param("step(id='a', after=['b'])\n", id="fits"),
        pytest.param(
            f"step({'argument, ' * 4}id='long_enough_for_two')\n", id="arguments on one line"
        ),
        pytest.param(f"step({'argument, ' * 9}id='a')\n", id="arguments one by one"),
        pytest.param(
            "step.with_options(retry=RETRY)(id='a', after=['b', 'c', 'd'])\n", id="options"
        ),
        pytest.param(f"names = [{'name, ' * 12}]\n", id="a list"),
        pytest.param(f"names = {{'a': {{'b': [{'name, ' * 12}]}}}}\n", id="nested"),
        pytest.param("step(a,\n   b = 1,\n  )\n", id="a comma that splits"),
        pytest.param("from a import b\n\nfrom c import d\n", id="imports"),
        pytest.param("a = 1  # why\n", id="a comment"),
        pytest.param("def f(a: int, b: str = X) -> None:\n    return g(a)\n", id="a function"),
    ],
)
def test_black_does_not_see_plain_code(source: str) -> None:
    assert _NAMES.fullmatch(seen_by_black(source))


@pytest.mark.parametrize(
    "code",
    [
        "a + b",
        "f(x for x in y)",
        "f(a)(b",
        "a[1:2]",
        "a = b = c",
        "(a)",
        "f((a))",
        "f('it\\'s')",
        "f('''text''')",
        "f('a' 'b')",
        "f(lambda: 1)",
        "f(not a)",
        "f(a, # why\n b)",
        "f(a := 1)",
        "f(0x1F)",
        "f(u'text')",
        "f(*)",
        "a.",
        "a = *b",
        "{a}{b}",
        "a[b,]",
        "f(a))",
        "f(a]",
        "f(,)",
        "f('a'.upper())",
        "f(=1)",
    ],
)
def test_other_code_is_left_to_black(code: str) -> None:
    assert laid_out(code, 0, 100) is None


@pytest.mark.parametrize(
    "code",
    [
        f"{'name' * 10}.with_options(a)(b)",
        f"a.b(c).d({'name' * 10})",
        f"f({'name' * 10}, a=())",
        f"f()[{'name' * 10}]",
        f"f({'name' * 10})()",
        "f(a,)(b)",
    ],
)
def test_lines_that_black_splits_in_other_ways_are_left_to_it(code: str) -> None:
    assert laid_out(code, 0, 30) is None


@pytest.mark.parametrize(
    "source",
    [
        "a = f('b')  # fmt: skip\n",
        "if a:\n\tf('b')\n",
        "a = \\\n  f('b')\n",
        "f('b'); g('c')\n",
        "f('ü')\n",
        "def f(a): return a\n",
        "f('b')  #!why\n",
    ],
)
def test_black_sees_what_depends_on_more_than_the_statement(source: str) -> None:
    assert seen_by_black(source) == source


def test_blocks_of_other_depths_are_formatted_by_black() -> None:
    assert seen_by_black("if a:\n  f('b')\n") == "if a:\n  f('b')\n"


def test_what_is_no_python_is_shown_to_black_whole() -> None:
    with pytest.raises(InvalidInput):
        format_around("a = (\n", 60, by_black)


@pytest.mark.parametrize("name", ["argparse.py", "dataclasses.py", "calendar.py"])
def test_modules_of_the_standard_library_come_out_as_black_writes_them(name: str) -> None:
    source = (Path(sysconfig.get_paths()["stdlib"]) / name).read_text(encoding="utf-8")[:30_000]
    source = source[: source.rindex("\n\n\n")] + "\n"

    seen_by_black(source)


_LONG = """import a
{comment}
@task( retries = 1 )
def work( one,two ):
    '''Told.'''
{lines}
    return  one
{after}
class Kind( Base ):
    x = 1
{lines}
{end}"""


@pytest.mark.parametrize(
    ("comment", "after", "end"),
    [
        ("", "", ""),
        ("# why\n\n", "# of the module\n", "def short(): ...\n"),
        ("\n\n\n", "    # of the block", "last = {  }"),
        ("", "done( 1 )", "; last = 2"),
    ],
)
def test_long_definitions_are_formatted_once(comment: str, after: str, end: str) -> None:
    lines = "\n".join(f"    name_{n} = {n},\\\n  'x'" for n in range(MIN_LINES))
    source = _LONG.format(comment=comment, after=after, end=end, lines=lines)
    if end.startswith(";"):
        source = source.replace("\n;", ";")
    shown: list[str] = []

    def look(text: str) -> str:
        shown.append(text)
        return by_black(text)

    assert format_around(source, 60, look) == by_black(source)
    first = len(shown)
    assert format_around(source, 60, look) == by_black(source)
    assert sum(map(len, shown[first:])) < sum(map(len, shown[:first]))
