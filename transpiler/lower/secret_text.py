"""Finding secrets in text that is not Python: SQL, comments."""

from __future__ import annotations

import re

from transpiler.lower.secret_literal import SecretLiteral
from transpiler.lower.secret_prose import secrets_in_settings
from transpiler.lower.secret_shapes import (
    environment_name,
    is_secret_name,
    is_secret_value,
    shapes_in,
)
from transpiler.model.span import Span

_BOUND_IN_TEXT = re.compile(
    r"(?P<name>[A-Za-z_][\w-]{0,80})[\"']?\s{0,5}(?:=>|[:=])\s{0,5}(?P<quote>['\"])(?P<value>[^'\"\n]{1,500})(?P=quote)"
)
"""`PASSWORD = 'x'` in SQL, `"token": "x"` in JSON, the same in a comment."""


def find_secrets_in_text(text: str, path: str) -> list[SecretLiteral]:
    """The secrets in a file that is not Python, such as SQL."""
    found = [(shape.value, shape.name, shape.start) for shape in shapes_in(text)]
    for match in _BOUND_IN_TEXT.finditer(text):
        if is_secret_name(match["name"]) and is_secret_value(match["value"]):
            found.append((match["value"], environment_name(match["name"]), match.start()))
    return [
        SecretLiteral(value, name, _span(text, path, start), name == "CONNECTION_PASSWORD")
        for value, name, start in found
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
