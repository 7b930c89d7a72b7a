"""Texts that a helper of the DAG file builds of known and unknown parts, as f-strings.

`f"dbt run --target {target} --dir {home}"` in a function cannot be emitted as written: its names are
the function's. What its parts were when it was evaluated can: known ones as text, others as the
code that computes them.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

import libcst as cst

from transpiler.lower.bindings import Bindings, NotPortableError
from transpiler.lower.free_names import free_names
from transpiler.lower.python_literals import NotALiteralError
from transpiler.lower.python_literals import literal as literal_text
from transpiler.lower.replaced_names import replace_names
from transpiler.lower.variable_templates import call_template
from transpiler.model.dag import LoopStep, SourceExpression
from transpiler.model.pipeline import Expr
from transpiler.model.values import Call, Symbolic, Value, marks, outer_marks

_MODULES = frozenset({"os", "pathlib", "socket", "platform", "getpass", "tempfile", "json"})
"""Modules of Python's library whose functions take and give what a text is made of."""


@dataclass(frozen=True, slots=True)
class Composites:
    """Writes values that are not known as code, in which names of the project's functions are not
    needed. Raises NotPortableError where there is none.
    """

    bindings: Bindings
    loops: tuple[LoopStep, ...]

    def of(self, value: Value) -> Expr:
        """Code for a value that holds texts of known and unknown parts."""
        inside = marks(value)
        if not any(isinstance(mark, Symbolic) and mark.parts for mark in inside):
            raise NotPortableError("no text is made of parts")
        names: set[str] = set()
        return Expr(self._code(value, names), frozenset(names))

    def _code(self, value: Value, names: set[str]) -> str:
        codes = {mark: self._mark(mark, names) for mark in outer_marks(value)}
        try:
            text, imports = literal_text(value, codes)
        except NotALiteralError as error:
            raise NotPortableError(str(error)) from error
        for one in imports:
            self.bindings.imported(one)
        return text

    def _mark(self, mark: Value, names: set[str]) -> str:
        if isinstance(mark, Symbolic):
            return self._formatted(mark, names) if mark.parts else self._source(mark, names)
        if isinstance(mark, Call):
            return self._call(mark, names)
        raise NotPortableError(f"{type(mark).__name__} is no value of the DAG file")

    def _formatted(self, value: Symbolic, names: set[str]) -> str:
        parts = [_known(part) for part in value.parts]
        long = any(_is_text(part) and "\n" in part for part in parts) and not _ends_early(parts)
        quotes = '"""' if long else '"'
        pieces: list[str] = []
        for known, group in groupby(parts, _is_text):
            if known:
                pieces.append(_between("".join(group), quotes))
            else:
                pieces += [self._expression(part, names) for part in group]
        return f"f{quotes}{''.join(pieces)}{quotes}"

    def _expression(self, part: Value, names: set[str]) -> str:
        code = _inside(self._code(part, names))
        return f"{{{' ' if code.startswith('{') else ''}{code}}}"

    def _source(self, value: Symbolic, names: set[str]) -> str:
        source = value.source
        if source is None:
            raise NotPortableError(f"{value.code} has no code of its own")
        constant = _constant(value, source)
        if constant is not None:
            self.bindings.require([constant.code], constant, self.loops)
            names.add(constant.code)
            return constant.code
        passing: dict[str, str] = {}
        read: set[str] = set()
        for name in sorted(free_names(source.node)):
            try:
                passing[name] = self._code(self.bindings.passing(name, source.scope), names)
            except KeyError:
                read.add(name)
        if self.bindings.require(read, source, self.loops):
            raise NotPortableError("the text reads a parameter of the DAG")
        names |= read
        node = replace_names(source.node, passing) if passing else source.node
        return source.tree.code_for_node(node).strip()

    def _call(self, call: Call, names: set[str]) -> str:
        module, _, function = call.func.partition(".")
        if module not in _MODULES or not function:
            raise NotPortableError(f"{call.func} is not known to be in the emitted module")
        self.bindings.module(module)
        names.add(module)
        args = [self._code(arg, names) for arg in call.args]
        args += [f"{name}={self._code(arg, names)}" for name, arg in call.kwargs.items()]
        return f"{call.func}({', '.join(args)})"


def _constant(value: Symbolic, source: SourceExpression) -> SourceExpression | None:
    """The constant of the module that holds the value, where there is one."""
    scope = source.scope
    while scope.parent is not None:
        scope = scope.parent
    for name, held in scope.values.items():
        if held is value and name in scope.assignments:
            return SourceExpression(cst.Name(name), scope, source.tree)
    return None


def _known(part: Value) -> Value:
    """A part of a text; a Variable is text too, which the step renders."""
    template = call_template(part) if isinstance(part, Call) else None
    return part if template is None else template


def _is_text(part: Value) -> bool:
    return isinstance(part, str)


def _ends_early(parts: list[Value]) -> bool:
    """Whether three quotes would end before the text does."""
    texts = [part for part in parts if isinstance(part, str)]
    return '"""' in "".join(texts) or str(parts[-1]).endswith('"')


def _between(text: str, quotes: str) -> str:
    """Text as it is written between quotes."""
    # Three quotes hold the ends of lines and single quotes as they are.
    lines, quote = ([text], '\\"') if quotes == '"' else (text.split("\n"), '"')
    written = "\n".join(_escaped(line, quote) for line in lines)
    return written.replace("{", "{{").replace("}", "}}")


def _escaped(text: str, quote: str) -> str:
    # `repr` takes double quotes where there is a single one and no double one.
    return quote.join(repr("'" + piece)[2:-1] for piece in text.split('"'))


def _inside(code: str) -> str:
    """Code as Python 3.10 takes it between the braces of an f-string: with the other quotes, and
    with no backslash. Raises NotPortableError.
    """
    node = cst.parse_expression(code).visit(_Quotes())
    assert isinstance(node, cst.BaseExpression)
    text = cst.Module([]).code_for_node(node)
    if any(one in text for one in ('"', "\\", "\n", "#")):
        raise NotPortableError("an expression of the text cannot stand in an f-string")
    return text


class _Quotes(cst.CSTTransformer):
    """Writes texts between single quotes."""

    def leave_SimpleString(
        self, original_node: cst.SimpleString, updated_node: cst.SimpleString
    ) -> cst.SimpleString:
        if '"' not in updated_node.value:
            return updated_node
        return updated_node.with_changes(value=repr(updated_node.evaluated_value))

    def leave_FormattedString(
        self, original_node: cst.FormattedString, updated_node: cst.FormattedString
    ) -> cst.FormattedString:
        start = updated_node.start.replace('"', "'")
        return updated_node.with_changes(start=start, end=updated_node.end.replace('"', "'"))
