"""Places of LibCST nodes, from one cheap pass of LibCST's own code generation.

LibCST's `PositionProvider` costs nearly twice the parse; noting the index of the first and last
token of every node costs a third of it (`python -m benchmarks.positions`). Lines and columns are
worked out when asked for.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import lru_cache
from itertools import accumulate

import libcst as cst

from transpiler.source.code import QuietState, code_of
from transpiler.source.errors import SourceError

MAX_DEPTH = 1_500
"""Nodes within nodes; every later pass over the tree recurses as deep."""
_NEWLINE = re.compile(r"\r\n|\r|\n")
_BLANK_LINES = re.compile(r"(?:[ \t\f]*(?:#[^\r\n]*)?(?:\r\n|\r|\n))*[ \t\f]*")


class _TokenState(QuietState):
    """Code generation that remembers where each node's tokens begin and end."""

    def __init__(self, module: cst.Module) -> None:
        super().__init__(module)
        self.starts: dict[int, int] = {}
        self.ends: dict[int, int] = {}
        self._note_places()

    def _note_places(self) -> None:
        """Set what is called before and after each node: functions of its own look up least."""
        starts, ends, tokens = self.starts, self.ends, self.tokens
        depth = 0

        def before(node: cst.CSTNode) -> None:
            nonlocal depth
            depth += 1
            if depth > MAX_DEPTH:
                line = "".join(tokens).count("\n") + 1
                raise SourceError("D2Z108", f"the code is nested over {MAX_DEPTH:,} deep", line)
            starts[id(node)] = len(tokens)

        def after(node: cst.CSTNode) -> None:
            nonlocal depth
            depth -= 1
            ends[id(node)] = len(tokens)

        vars(self).update(before_codegen=before, after_codegen=after)


class Positions:
    """Line and column (both from 1) of every node of a module.

    Raises SourceError (D2Z108) for a tree that is too deep to work with.
    """

    def __init__(self, module: cst.Module) -> None:
        state = _TokenState(module)
        module._codegen(state)
        self._state = state
        self._offsets = [0, *accumulate(map(len, state.tokens))]
        self._text = "".join(state.tokens)
        # The last one may end without the line break that LibCST would write.
        body = module.body if module.has_trailing_newline else module.body[:-1]
        self._statements = {id(node) for node in body}
        self._inner: dict[int, str] = {}
        self._lines = [0, *(match.end() for match in _NEWLINE.finditer(self._text))]

    def range(self, node: cst.CSTNode) -> tuple[int, int, int, int]:
        """`(line, column, end_line, end_column)`; the first line for a node of another module.

        A statement starts after the blank lines and comments that LibCST counts as its own.
        """
        start, end = self._slice(node)
        if _has_blank_lines(type(node)):
            start = min(_BLANK_LINES.match(self._text, start).end(), end)  # type: ignore[union-attr]
        return (*self._at(start), *self._at(end))

    def knows(self, node: cst.CSTNode) -> bool:
        """Whether the node is of this module."""
        return id(node) in self._state.starts

    def code(self, node: cst.CSTNode) -> str:
        """The source text of a node, empty for a node of another module."""
        start, end = self._slice(node)
        return self._text[start:end]

    def statement(self, tree: cst.Module, node: cst.CSTNode) -> str:
        """What `code_of` gives for a statement; kept, as long as the module is.

        For statements of the module itself it is the text that is there already. Elsewhere the text
        of the module has the indentation of the place.
        """
        if id(node) in self._statements:
            return self.code(node)
        if not self.knows(node):
            return code_of(tree, node)
        if id(node) not in self._inner:
            self._inner[id(node)] = code_of(tree, node)
        return self._inner[id(node)]

    def line(self, number: int) -> str:
        """The text of a line, counted from 1, without its end."""
        start = self._lines[number - 1] if 0 < number <= len(self._lines) else len(self._text)
        end = self._lines[number] if number < len(self._lines) else len(self._text)
        return self._text[start:end].rstrip("\r\n")

    @property
    def text(self) -> str:
        """The source text."""
        return self._text

    def tokens(self) -> list[str]:
        """The tokens of the code in order; a string is one token, white space too."""
        tokens: list[str] = self._state.tokens
        return tokens

    def _slice(self, node: cst.CSTNode) -> tuple[int, int]:
        start = self._state.starts.get(id(node))
        if start is None:
            return 0, 0
        # LibCST drops the last newline of a file that ends without one.
        end = min(self._state.ends[id(node)], len(self._offsets) - 1)
        return self._offsets[min(start, end)], self._offsets[end]

    def _at(self, offset: int) -> tuple[int, int]:
        line = bisect_right(self._lines, offset)
        return line, offset - self._lines[line - 1] + 1


@lru_cache(maxsize=128)
def positions_of(tree: cst.Module) -> Positions:
    """The positions of a module, worked out once: reading and lowering both ask for them.

    Raises SourceError (D2Z108) for a tree that is too deep to work with.
    """
    return Positions(tree)


@lru_cache(maxsize=512)
def _has_blank_lines(kind: type[cst.CSTNode]) -> bool:
    """Whether blank lines and comments may come before; kept, since Python looks long for it."""
    return issubclass(kind, _STATEMENTS)


def statement_code(tree: cst.Module, statement: cst.CSTNode) -> str:
    """What `code_of` gives for a statement of the module, or one that was made of it."""
    return positions_of(tree).statement(tree, statement)


_STATEMENTS = (cst.BaseStatement, cst.ExceptHandler, cst.Else, cst.Finally, cst.MatchCase)
