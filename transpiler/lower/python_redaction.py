"""Secrets in emitted Python code become look-ups in the environment."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any, TypeVar

import libcst as cst
from libcst import matchers as m
from libcst.helpers import get_full_name_for_node

from transpiler.lower.secret_literal import SecretLiteral
from transpiler.lower.secret_shapes import is_secret_name
from transpiler.lower.string_values import text_of

MASK = "***"
_String = TypeVar("_String", cst.SimpleString, cst.ConcatenatedString, cst.BinaryOperation)
_DOCSTRING = m.SimpleStatementLine([m.Expr(m.SimpleString() | m.ConcatenatedString())])


def redact_python(code: str, secrets: Sequence[SecretLiteral]) -> str:
    """The code with `os.environ["NAME"]` in place of each secret, longest first; `***` where no
    expression can stand.

    Code that does not parse is given back as it is.
    """
    try:
        module = cst.parse_module(code)
    except cst.ParserSyntaxError:
        return code
    redaction = _Redaction(secrets)
    redacted = module.visit(redaction)
    return (_with_import(redacted) if redaction.reads_environment else redacted).code


class _Redaction(cst.CSTTransformer):
    def __init__(self, secrets: Sequence[SecretLiteral]) -> None:
        super().__init__()
        self._strong = [secret for secret in secrets if not secret.is_weak]
        self._weak = {secret.value: secret for secret in secrets if secret.is_weak}
        self.reads_environment = False

    def visit_SimpleStatementLine(self, node: cst.SimpleStatementLine) -> bool:
        return not m.matches(node, _DOCSTRING)

    def visit_MatchValue(self, node: cst.MatchValue) -> bool:
        return False

    def leave_SimpleString(
        self, original_node: cst.SimpleString, updated_node: cst.SimpleString
    ) -> cst.BaseExpression:
        return self._replaced(original_node, updated_node)

    def leave_BinaryOperation(
        self, original_node: cst.BinaryOperation, updated_node: cst.BinaryOperation
    ) -> cst.BaseExpression:
        return self._replaced(original_node, updated_node)

    def visit_ConcatenatedString(self, node: cst.ConcatenatedString) -> bool:
        # Its parts are strings only: none of them could become a look-up by itself.
        return False

    def leave_ConcatenatedString(
        self, original_node: cst.ConcatenatedString, updated_node: cst.ConcatenatedString
    ) -> cst.BaseExpression:
        if text_of(original_node) is not None:
            return self._replaced(original_node, updated_node)
        parts: list[Any] = [part.visit(self) for part in _parts(original_node)]
        if not all(isinstance(part, (cst.SimpleString, cst.FormattedString)) for part in parts):
            return _joined(parts)
        whole = parts.pop()
        while parts:
            whole = cst.ConcatenatedString(parts.pop(), whole)
        return updated_node.with_changes(left=whole.left, right=whole.right)

    def leave_FormattedString(
        self, original_node: cst.FormattedString, updated_node: cst.FormattedString
    ) -> cst.BaseExpression:
        quote = "'" if '"' in updated_node.start else '"'
        parts: list[cst.BaseFormattedStringContent] = []
        for part in updated_node.parts:
            parts += self._of_part(part, quote)
        return updated_node.with_changes(parts=parts)

    def leave_Comment(self, original_node: cst.Comment, updated_node: cst.Comment) -> cst.Comment:
        value = updated_node.value
        for secret in self._strong:
            value = value.replace(secret.value, MASK)
        return updated_node.with_changes(value=value)

    def leave_Arg(self, original_node: cst.Arg, updated_node: cst.Arg) -> cst.Arg:
        name = original_node.keyword.value if original_node.keyword else None
        return updated_node.with_changes(value=self._bound(name, updated_node.value))

    def leave_Assign(self, original_node: cst.Assign, updated_node: cst.Assign) -> cst.Assign:
        target = original_node.targets[0].target
        name = target.value if isinstance(target, cst.Name) else None
        return updated_node.with_changes(value=self._bound(name, updated_node.value))

    def leave_DictElement(
        self, original_node: cst.DictElement, updated_node: cst.DictElement
    ) -> cst.DictElement:
        name = text_of(original_node.key)
        return updated_node.with_changes(value=self._bound(name, updated_node.value))

    def _bound(self, name: str | None, value: cst.BaseExpression) -> cst.BaseExpression:
        """An ordinary word is a secret only where a secret's name stands by it."""
        secret = self._weak.get(text_of(value) or "")
        if name is None or secret is None or not is_secret_name(name):
            return value
        return self._look_up(secret)

    def _replaced(self, original: _String, updated: _String) -> cst.BaseExpression:
        text = text_of(original)
        pieces = self._pieces(text) if text is not None else []
        if not any(isinstance(piece, SecretLiteral) for piece in pieces):
            return updated
        parts: list[cst.BaseExpression] = [
            (
                self._look_up(piece)
                if isinstance(piece, SecretLiteral)
                else cst.SimpleString(_quoted(piece))
            )
            for piece in pieces
        ]
        joined = _joined(parts)
        if _is_bytes(original):
            return cst.Call(cst.Attribute(joined, cst.Name("encode")))
        return joined

    def _of_part(
        self, part: cst.BaseFormattedStringContent, quote: str
    ) -> list[cst.BaseFormattedStringContent]:
        if not isinstance(part, cst.FormattedStringText):
            return [part]
        return [
            (
                cst.FormattedStringExpression(self._look_up(piece, quote))
                if isinstance(piece, SecretLiteral)
                else cst.FormattedStringText(piece)
            )
            for piece in self._pieces(part.value)
        ]

    def _pieces(self, text: str) -> list[str | SecretLiteral]:
        """The text split at the secrets."""
        pieces: list[str | SecretLiteral] = [text]
        for secret in self._strong:
            split: list[str | SecretLiteral] = []
            for piece in pieces:
                if isinstance(piece, SecretLiteral):
                    split.append(piece)
                    continue
                for number, rest in enumerate(piece.split(secret.value)):
                    split += ([secret] if number else []) + ([rest] if rest else [])
            pieces = split
        return pieces

    def _look_up(self, secret: SecretLiteral, quote: str = '"') -> cst.BaseExpression:
        self.reads_environment = True
        return cst.parse_expression(f"os.environ[{quote}{secret.env_name}{quote}]")


def _parts(node: cst.ConcatenatedString) -> list[cst.BaseExpression]:
    right = node.right
    return [node.left, *(_parts(right) if isinstance(right, cst.ConcatenatedString) else [right])]


def _joined(parts: list[cst.BaseExpression]) -> cst.BaseExpression:
    """The parts added up, in parentheses where there are several."""
    joined = parts[0]
    for part in parts[1:]:
        joined = cst.BinaryOperation(joined, cst.Add(), part)
    if len(parts) == 1:
        return joined
    return joined.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])


def _is_bytes(node: cst.CSTNode) -> bool:
    """Whether a string literal is one of bytes."""
    return isinstance(node, cst.SimpleString) and "b" in node.prefix.lower()


def _quoted(text: str) -> str:
    literal = repr(text)
    if literal.startswith("'") and '"' not in literal:
        return f'"{literal[1:-1]}"'
    return literal


def _with_import(module: cst.Module) -> cst.Module:
    """The module with `import os` after its docstring and its `__future__` imports."""
    body = list(module.body)
    imports_os = m.SimpleStatementLine([m.Import([m.ImportAlias(m.Name("os"), asname=None)])])
    if any(m.matches(statement, imports_os) for statement in body):
        return module
    future = m.SimpleStatementLine([m.ImportFrom(module=m.Name("__future__"))])
    at = 0
    for index, statement in enumerate(body):
        if m.matches(statement, future) or (index == 0 and m.matches(statement, _DOCSTRING)):
            at = index + 1
    while at < len(body) and (name := _imported(body[at])) and name < "os":
        at += 1
    lead = [cst.EmptyLine()] if at and not _imported(body[at - 1]) else []
    if at < len(body) and _standard(body[at]):  # one block with what follows
        body[at] = body[at].with_changes(leading_lines=[])
    statement = cst.parse_statement("import os").with_changes(leading_lines=lead)
    return module.with_changes(body=[*body[:at], statement, *body[at:]])


def _imported(statement: cst.CSTNode) -> str:
    """The module of `import module`; else nothing."""
    if isinstance(statement, cst.SimpleStatementLine):
        first = statement.body[0]
        if isinstance(first, cst.Import) and len(first.names) == 1:
            return first.names[0].evaluated_name
    return ""


def _standard(statement: cst.CSTNode) -> bool:
    """Whether a statement, without a comment before it, imports from the standard library."""
    if not isinstance(statement, cst.SimpleStatementLine):
        return False
    if any(line.comment for line in statement.leading_lines):
        return False
    first = statement.body[0]
    if isinstance(first, cst.ImportFrom) and first.module is not None and not first.relative:
        name = get_full_name_for_node(first.module) or ""
    else:
        name = _imported(statement)
    return name.split(".")[0] in sys.stdlib_module_names - {"__future__"}
