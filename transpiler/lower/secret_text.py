"""Finding secrets in text that is not Python: SQL, comments."""

from __future__ import annotations

from transpiler.lower.secret_literal import SecretLiteral
from transpiler.lower.secret_prose import quoted_secrets, secrets_in_settings
from transpiler.lower.secret_shapes import shapes_in
from transpiler.model.span import Span


def find_secrets_in_text(text: str, path: str) -> list[SecretLiteral]:
    """The secrets in a file that is not Python, such as SQL."""
    return [
        SecretLiteral(
            shape.value,
            shape.name,
            _span(text, path, shape.start),
            shape.name == "CONNECTION_PASSWORD",
        )
        for shape in (*shapes_in(text), *quoted_secrets(text))
    ]


def find_secrets_in_settings(text: str, path: str) -> list[SecretLiteral]:
    """The secrets in a file of settings that a DAG file reads: YAML, JSON, INI, an environment."""
    named = [
        SecretLiteral(shape.value, shape.name, _span(text, path, shape.start))
        for shape in secrets_in_settings(text)
    ]
    return [*find_secrets_in_text(text, path), *named]


def _span(text: str, path: str, start: int) -> Span:
    line_start = text.rfind("\n", 0, start) + 1
    return Span(path, text.count("\n", 0, start) + 1, start - line_start + 1)
