"""Finding secrets in Python code."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache

import libcst as cst

from transpiler.lower.secret_literal import SecretLiteral
from transpiler.lower.secret_prose import secrets_in_prose
from transpiler.lower.secret_shapes import (
    environment_name,
    is_secret_name,
    is_secret_value,
    shapes_in,
)
from transpiler.lower.string_values import text_of
from transpiler.model.span import Span
from transpiler.source.positions import positions_of
from transpiler.source.visiting import visit

_LOOKUPS = frozenset({"get", "getenv", "get_variable", "pop", "setdefault"})
_SETTERS = frozenset("set setenv putenv setdefault set_default V1EnvVar EnvVar add_header".split())
_WRAPPERS = frozenset(
    {"SecretStr", "str", "quote", "quote_plus", "b64encode", "bytes", "Param", "dedent"}
)


@lru_cache(maxsize=128)
def find_in_module(tree: cst.Module, path: str) -> tuple[SecretLiteral, ...]:
    """The secrets in a parsed module, in order; searched once for all DAG files that import it."""
    finder = _Finder(tree, path)
    visit(tree, finder)
    return tuple(dict.fromkeys(finder.found))


class _Finder(cst.CSTVisitor):
    def __init__(self, tree: cst.Module, path: str) -> None:
        super().__init__()
        self.found: list[SecretLiteral] = []
        self._path = path
        self._positions = positions_of(tree)
        self._outer: list[str] = []
        self._calls: list[str] = []

    def visit_Assign(self, node: cst.Assign) -> None:
        names = [name for target in node.targets if (name := _name_of(target.target))]
        for name in names:
            self._bind(name, node.value)
        self._outer.append(names[0] if names else "")

    def leave_Assign(self, original_node: cst.Assign) -> None:
        self._outer.pop()

    def visit_AnnAssign(self, node: cst.AnnAssign) -> None:
        name = _name_of(node.target)
        if name and node.value is not None:
            self._bind(name, node.value)
        self._outer.append(name or "")

    def leave_AnnAssign(self, original_node: cst.AnnAssign) -> None:
        self._outer.pop()

    def visit_NamedExpr(self, node: cst.NamedExpr) -> None:
        self._bind(_name_of(node.target), node.value)

    def visit_Param(self, node: cst.Param) -> None:
        if node.default is not None:
            self._bind(node.name.value, node.default)

    def visit_Call(self, node: cst.Call) -> None:
        function = _name_of(node.func) or ""
        self._calls.append(function)
        self._pair({arg.keyword.value: arg.value for arg in node.args if arg.keyword is not None})
        if function in _SETTERS and len(node.args) > 1:
            self._bind(text_of(node.args[0].value), node.args[1].value)

    def leave_Call(self, original_node: cst.Call) -> None:
        self._calls.pop()

    def visit_Arg(self, node: cst.Arg) -> None:
        # Secret(secret="name of the secret") and its kind refer to a secret by name.
        function = self._calls[-1] if self._calls else ""
        if node.keyword is not None and "Secret" not in function:
            self._bind(node.keyword.value, node.value)

    def visit_Dict(self, node: cst.Dict) -> None:
        elements = [one for one in node.elements if isinstance(one, cst.DictElement)]
        values = {text_of(one.key): one.value for one in elements}
        self._pair(values)
        if "deploy_type" not in values:
            for element in elements:
                self._bind(text_of(element.key), element.value)

    def visit_Comparison(self, node: cst.Comparison) -> None:
        for target in node.comparisons:
            self._bind(_name_of(node.left), target.comparator)

    def visit_For(self, node: cst.For) -> None:
        self._bind_each(_name_of(node.target), node.iter)

    def visit_CompFor(self, node: cst.CompFor) -> None:
        self._bind_each(_name_of(node.target), node.iter)

    def visit_List(self, node: cst.List) -> None:
        self._options(node)

    def visit_Tuple(self, node: cst.Tuple) -> None:
        self._options(node)

    def visit_SimpleString(self, node: cst.SimpleString) -> None:
        self._shapes(text_of(node), node)

    def visit_ConcatenatedString(self, node: cst.ConcatenatedString) -> None:
        self._shapes(text_of(node), node)

    def visit_BinaryOperation(self, node: cst.BinaryOperation) -> None:
        self._shapes(text_of(node), node)

    def visit_FormattedStringText(self, node: cst.FormattedStringText) -> None:
        self._shapes(node.value, node)

    def visit_Comment(self, node: cst.Comment) -> None:
        self._shapes(node.value, node)

    def _pair(self, values: Mapping[str | None, cst.BaseExpression]) -> None:
        """A name and a value as Kubernetes writes them: `name="DB_PASSWORD", value="x"`."""
        name = next((values[key] for key in ("name", "key", "Name", "Key") if key in values), None)
        value = values.get("value", values.get("Value"))
        if name is not None and value is not None:
            self._bind(text_of(name), value)

    def _bind_each(self, name: str | None, node: cst.BaseExpression) -> None:
        """A loop's name, which is bound to each item of a list."""
        if isinstance(node, (cst.List, cst.Tuple, cst.Set)):
            for element in node.elements:
                self._bind(name, element.value)

    def _options(self, node: cst.List | cst.Tuple) -> None:
        """Arguments of a command: `"--password", "x"`."""
        values = [element.value for element in node.elements]
        for before, value in zip(values, values[1:], strict=False):
            option = text_of(before) or ""
            if option.startswith("-"):
                self._bind(option.lstrip("-"), value)

    def _bind(self, name: str | None, node: cst.BaseExpression) -> None:
        if isinstance(node, cst.Tuple) and name and name.split("_")[-1] == "auth":
            self._bind("password", node.elements[-1].value)
        outer = self._outer[-1] if self._outer else ""
        if not name or not (is_secret_name(name) or is_secret_name(f"{outer}_{name}")):
            return
        for value, place in _literals(node):
            if is_secret_value(value) and not any(s.value == value for s in shapes_in(value)):
                self._add(value, self._named(name), place)

    def _named(self, name: str) -> str:
        """The variable's name; a key of a dict or an argument gets the variable around it before
        its own.
        """
        outer = self._outer[0] if self._outer else ""
        own = environment_name(name)
        prefix = environment_name(outer) if outer else ""
        return own if not prefix or prefix in own or own in prefix else f"{prefix}_{own}"

    def _shapes(self, text: str | None, node: cst.CSTNode) -> None:
        for shape in shapes_in(text or ""):
            outer = self._outer[-1] if self._outer else ""
            whole = text == shape.value and outer
            name = environment_name(outer) if whole else shape.name
            self._add(shape.value, name, node, shape.name == "CONNECTION_PASSWORD")
        for shape in secrets_in_prose(text or ""):
            self._add(shape.value, shape.name, node)

    def _add(self, value: str, name: str, node: cst.CSTNode, extra: bool = False) -> None:
        line, column, end_line, end_column = self._positions.range(node)
        span = Span(self._path, line, column, end_line, end_column)
        self.found.append(SecretLiteral(value, name, span, extra))


def _name_of(node: cst.CSTNode) -> str | None:
    """The name that a target ends in: `x`, `y.x`, `y["x"]`."""
    if isinstance(node, cst.Name):
        return node.value
    if isinstance(node, cst.Attribute):
        return node.attr.value
    if isinstance(node, cst.Subscript) and len(node.slice) == 1:
        index = node.slice[0].slice
        return text_of(index.value) if isinstance(index, cst.Index) else None
    return None


def _literals(node: cst.BaseExpression) -> Iterator[tuple[str, cst.CSTNode]]:
    """The texts that an expression can give: literals, both sides of a condition, the default of a
    look-up.
    """
    text = text_of(node)
    if text is not None:
        yield text, node
    elif isinstance(node, cst.IfExp):
        yield from _literals(node.body)
        yield from _literals(node.orelse)
    elif isinstance(node, cst.BooleanOperation):
        yield from _literals(node.left)
        yield from _literals(node.right)
    elif isinstance(node, cst.FormattedString):
        for part in node.parts:
            if isinstance(part, cst.FormattedStringText) and len(part.value) > 5:
                yield part.value, part
    elif isinstance(node, cst.Call):
        yield from _of_call(node)


def _of_call(node: cst.Call) -> Iterator[tuple[str, cst.CSTNode]]:
    name = _name_of(node.func)
    if isinstance(node.func, cst.Attribute) and name in ("encode", "strip", "decode"):
        yield from _literals(node.func.value)
    elif name in _LOOKUPS and len(node.args) > 1:
        yield from _literals(node.args[1].value)
    elif name in _WRAPPERS and node.args:
        yield from _literals(node.args[0].value)
