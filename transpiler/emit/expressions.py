"""Checking and joining source expressions."""

from __future__ import annotations

import ast
import keyword
from collections.abc import Iterable, Mapping

from transpiler.emit.errors import EmitError
from transpiler.model.pipeline import Expr


def checked(expr: Expr) -> str:
    """The expression's code, sure to be one whole expression. Raises EmitError."""
    code = expr.code.strip().replace("\r\n", "\n")
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
