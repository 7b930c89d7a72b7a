"""Colours of code: nothing of the text is lost, and what has a colour is what it should be."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transpiler.report.page.code import highlighted
from transpiler.report.page.colours import coloured

pieces = st.sampled_from(
    [*"'\"\\\n#@:-/* .a1{}", '"""', "'''", "def x", "--", "/*", "*/", "key: ", "f'"]
)


@given(st.lists(pieces, max_size=40).map("".join), st.sampled_from(["py", "sql", "yaml", "md"]))
def test_nothing_is_lost(text: str, language: str) -> None:
    assert "".join(value for _, value in coloured(text, language)) == text


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("py", "x = 1.5e3  # one", [("n", "1.5e3"), ("c", "# one")]),
        ("py", "if not y: return None", [("k", "if"), ("k", "not"), ("k", "return"), ("n", "None")]),
        ("py", "def f(a='#b'):", [("k", "def"), ("f", "f"), ("s", "'#b'")]),
        ("py", "class K: pass", [("k", "class"), ("f", "K"), ("k", "pass")]),
        ("py", '    """Says "so".\n    More."""', [("c", '    """Says "so".\n    More."""')]),
        ("py", 'x = rb"""a\n"""', [("s", 'rb"""a\n"""')]),
        ("py", "'it\\'s' 'open", [("s", "'it\\'s'"), ("s", "'open")]),
        ("py", "@dag.task(x1)\na @ b", [("d", "@dag.task")]),
        ("py", "definition = iffy", []),
        ("sql", "SELECT 'it''s' -- so", [("k", "SELECT"), ("s", "'it''s'"), ("c", "-- so")]),
        ("sql", 'from "T" /* a\nb */ t1', [("k", "from"), ("s", '"T"'), ("c", "/* a\nb */")]),
        ("sql", "limit 10", [("k", "limit"), ("n", "10")]),
        ("yaml", "a b:\n  - c: 'd' # e", [("k", "a b"), ("k", "  - c"), ("s", "'d'"), ("c", "# e")]),
        ("yaml", "url: http://x#y", [("k", "url")]),
        ("md", "def x: # 1", []),
    ],
)  # fmt: skip
def test_kinds(language: str, text: str, expected: list[tuple[str, str]]) -> None:
    assert [(kind, value) for kind, value in coloured(text, language) if kind] == expected


def test_lines_are_escaped_and_closed() -> None:
    assert highlighted('x = """<a>\n</a>"""\n', "py") == [
        "x = <i class=s>&quot;&quot;&quot;&lt;a&gt;</i>",
        "<i class=s>&lt;/a&gt;&quot;&quot;&quot;</i>",
    ]


def test_a_huge_file_has_no_colours() -> None:
    assert highlighted("# x\n" * 40_000, "py")[0] == "# x"
