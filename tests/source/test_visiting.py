"""Visitors see what LibCST would show them, in its order."""

from __future__ import annotations

import inspect
import re
import sysconfig
from pathlib import Path

import libcst as cst
import pytest

from transpiler.source.visiting import fields_of, visit

KINDS = sorted(
    name
    for name, kind in vars(cst).items()
    if isinstance(kind, type) and issubclass(kind, cst.CSTNode) and not inspect.isabstract(kind)
)
LAYOUT = """
    AssignEqual Colon Comma Comment Dot EmptyLine LeftCurlyBrace LeftParen LeftSquareBracket Newline
    ParenthesizedWhitespace RightCurlyBrace RightParen RightSquareBracket Semicolon SimpleWhitespace
    TrailingWhitespace
""".split()
SOURCES = ("argparse.py", "asyncio/taskgroups.py", "dataclasses.py", "test/test_patma.py")
TEXT = """
@decorated  # comment
async def function(a, /, b: int = 1, *c, d=2, **e) -> None:
    async with (open(x) as f, g): await f
    x: int = [i async for i in a if b] ; y = {**e, 1: 2}; z += lambda k=1: k
    try: yield from a
    except* Error as error: raise error from None
    else: del a[1:2, ...], b
    finally: print(f"{a!r:>{b}} text" 'more', *c, **e)
    while not a < b <= c: break
    else: continue
    match a:
        case {"k": [1, *_], **rest} | K(1, x=2) if b: pass
        case None: global n
    return (a if b else c), (yield), {1, *a}, -a, a.b, (n := 1), {k: v for k, v in a}
"""


class Everything(cst.CSTVisitor):
    """Notes what is visited and left; goes into nothing below a node of the kind `closed`."""

    def __init__(self, kinds: list[str], closed: str = "") -> None:
        super().__init__()
        self.seen: list[tuple[str, cst.CSTNode]] = []
        for kind in kinds:
            setattr(self, f"visit_{kind}", self._method("visit", kind == closed))
            setattr(self, f"leave_{kind}", self._method("leave", False))

    def _method(self, what: str, closed: bool) -> object:
        def method(node: cst.CSTNode) -> bool | None:
            self.seen.append((what, node))
            return False if closed else None

        return method


class WithLayout(Everything):
    """Asks for comments by its class, as visitors are written."""

    def visit_Comment(self, node: cst.Comment) -> None: ...


@pytest.mark.parametrize("kind", KINDS)
def test_fields_are_those_that_libcst_names(kind: str) -> None:
    node = getattr(cst, kind)
    source = inspect.getsource(node._visit_and_replace_children)
    named = re.findall(r"visit_\w+\(\s*self,\s*\"(\w+)\"", source)
    assert list(fields_of(node)) == list(dict.fromkeys(named))


def _text(name: str) -> str:
    path = Path(sysconfig.get_paths()["stdlib"]) / name
    return path.read_text(encoding="utf-8") if path.exists() else TEXT


@pytest.mark.parametrize("text", [TEXT, *map(_text, SOURCES)], ids=["all kinds", *SOURCES])
@pytest.mark.parametrize("closed", ["", "Call", "FunctionDef"])
def test_as_libcst_visits(text: str, closed: str) -> None:
    tree = cst.parse_module(text)
    theirs, ours = WithLayout(KINDS, closed), WithLayout(KINDS, closed)
    tree.visit(theirs)
    visit(tree, ours)
    assert ours.seen
    assert [(what, id(node)) for what, node in ours.seen] == [
        (what, id(node)) for what, node in theirs.seen
    ]


def test_layout_is_left_out_where_nobody_asks() -> None:
    tree = cst.parse_module(TEXT)
    kinds = [kind for kind in KINDS if kind not in LAYOUT]
    theirs, ours = Everything(kinds), Everything(KINDS)
    for kind in LAYOUT:
        delattr(ours, f"visit_{kind}")
    tree.visit(theirs)
    visit(tree, ours)
    code = [(what, id(node)) for what, node in ours.seen if type(node).__name__ not in LAYOUT]
    assert code == [(what, id(node)) for what, node in theirs.seen]
    assert len(code) > 300
