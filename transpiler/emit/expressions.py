"""Checking and joining source expressions."""

from __future__ import annotations

import ast
import keyword
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from transpiler.emit.errors import EmitError
from transpiler.model.pipeline import Expr

_PLAIN = re.compile(
    r"""[A-Za-z_][A-Za-z0-9_]*|"[^"\\\n\r\0]*"|'[^'\\\n\r\0]*'|[1-9][0-9]{0,17}|0"""
)
"""Names, strings without escapes and whole numbers, which are expressions without a closer look."""
_NOT_NAMES = frozenset(keyword.kwlist) - {"None", "True", "False"}


def checked(expr: Expr) -> str:
    """The expression's code, sure to be one whole expression. Raises EmitError."""
    return _checked(expr.code.strip().replace("\r\n", "\n"))


@lru_cache(maxsize=4096)
def _checked(code: str) -> str:
    """Most arguments come again in other tasks, and each is parsed three times here."""
    if _PLAIN.fullmatch(code) and code not in _NOT_NAMES:
        return code
    try:
        alone = ast.parse(f"(\n{code}\n)", mode="eval").body
        inside = ast.parse(f"[\n{code}\n]", mode="eval").body
        ast.parse(f"[{code}]", mode="eval")  # does not end in a comment
    except SyntaxError as error:
        raise EmitError(f"not one expression: {code!r}: {error.msg}") from error
    if not isinstance(inside, ast.List) or [ast.dump(e) for e in inside.elts] != [ast.dump(alone)]:
        raise EmitError(f"not one expression: {code!r}")
    return code


def parsed(source: str, what: str) -> ast.Module:
    """The source as a syntax tree. Raises EmitError, which says what the source is."""
    try:
        return ast.parse(source)
    except (SyntaxError, ValueError) as error:
        raise EmitError(f"{what} is not Python: {error}") from error


def loop_target(target: str) -> ast.expr:
    """The target of a `for` statement, sure to be nothing more. Raises EmitError."""
    statement = parsed(f"for {target} in (): pass", "a loop target").body[0]
    if not isinstance(statement, ast.For) or ast.unparse(statement.iter) != "()":
        raise EmitError(f"not a loop target: {target!r}")
    if "\n" in target or "#" in target:
        raise EmitError(f"not a loop target on one line: {target!r}")
    return statement.target


def in_parentheses(expr: Expr) -> str:
    """The code for a place that is not inside brackets: one of several lines gets parentheses."""
    code = checked(expr)
    return f"({code})" if "\n" in code else code


def identifier(name: str, what: str) -> str:
    """The name, sure to be a Python identifier. Raises EmitError."""
    if not name.isidentifier() or keyword.iskeyword(name):
        raise EmitError(f"{what} is not a Python identifier: {name!r}")
    return name


def keywords(arguments: Mapping[str, Expr]) -> list[str]:
    """`name=value` for each argument."""
    return [f"{identifier(name, 'argument')}={checked(value)}" for name, value in arguments.items()]


def id_list(ids: Iterable[Expr]) -> str:
    """A list of ids; one starred comprehension alone becomes a list comprehension."""
    codes = [_element(expr) for expr in ids]
    if len(codes) == 1 and codes[0].startswith("*"):
        inner = codes[0][1:].strip()
        node = ast.parse(inner, mode="eval").body
        if isinstance(node, ast.ListComp):
            return inner
        if isinstance(node, ast.GeneratorExp):
            return f"[{inner[1:-1]}]"
    return f"[{', '.join(codes)}]"


def _element(expr: Expr) -> str:
    code = expr.code.strip()
    if code.startswith("*"):
        return "*" + checked(Expr(code[1:]))
    return checked(expr)
