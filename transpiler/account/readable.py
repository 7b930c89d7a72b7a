"""The source text of constructs, fit to be shown: without secrets, and not too long."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from transpiler.lower.redaction import MASK, redact
from transpiler.lower.secret_literal import SecretLiteral
from transpiler.model.account import Construct

_LONGEST = 100


def readable(
    constructs: Iterable[Construct], secrets: Sequence[SecretLiteral]
) -> tuple[Construct, ...]:
    """The constructs with their texts masked and cut.

    A line ends where a secret begins on it: a secret over several lines, or one that a cut would
    halve, is not found by its value. Cutting therefore comes last.
    """
    places: dict[tuple[str, int], list[int]] = defaultdict(list)
    for secret in secrets:
        places[secret.span.file, secret.span.line].append(secret.span.column)
    return tuple(_readable(item, places, secrets) for item in constructs)


def _readable(
    item: Construct,
    places: dict[tuple[str, int], list[int]],
    secrets: Sequence[SecretLiteral],
) -> Construct:
    text, span = item.text, item.span
    columns = [c for c in places.get((span.file, span.line), ()) if c >= span.column]
    if columns and min(columns) < span.column + len(text):
        text = f"{text[: min(columns) - span.column]}{MASK}"
    text = redact(text, secrets) if secrets else text
    if len(text) > _LONGEST:
        text = f"{text[: _LONGEST - 1]}…"
    return item if text == item.text else replace(item, text=text)
