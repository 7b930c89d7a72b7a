"""The last line of defence: no emitted file holds a secret."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal, TypeAlias
from urllib.parse import quote

from transpiler.lower.secret_literal import SecretLiteral
from transpiler.lower.secret_shapes import is_secret_name

Kind: TypeAlias = Literal["python", "sql", "text"]
MASK = "***"
_BOUND = r"(?P<name>[A-Za-z_][\w-]*)(?P<between>[\"']?\s*(?:=>|[:=])\s*[\"']?){value}(?![\w])"


def redact(text: str, secrets: Sequence[SecretLiteral], kind: Kind = "text") -> str:
    """The text of an emitted file without the secrets.

    In Python each becomes `os.environ["NAME"]` (`***` in docstrings and comments), in SQL a
    template that reads the Variable of that name, elsewhere `***`. A value that is an ordinary word
    is taken for the secret only next to a secret's name.
    """
    ordered = _longest_first(secrets)
    if kind == "python" and ordered:
        # Its matchers take long to import, and most files hold no secret.
        from transpiler.lower.python_redaction import redact_python

        text = redact_python(text, ordered)
    for secret in ordered:
        mask = f"{{{{ var.value.{secret.env_name.lower()} }}}}" if kind == "sql" else MASK
        text = _masked(text, secret, mask)
    return text


def _longest_first(secrets: Iterable[SecretLiteral]) -> list[SecretLiteral]:
    unique = {secret.value: secret for secret in secrets if secret.value}
    return sorted(unique.values(), key=lambda secret: -len(secret.value))


def _masked(text: str, secret: SecretLiteral, mask: str) -> str:
    for spelling in _spellings(secret.value):
        if not secret.is_weak:
            text = text.replace(spelling, mask)
        elif spelling in text:
            text = re.sub(
                _BOUND.format(value=re.escape(spelling)),
                lambda match: (
                    f"{match['name']}{match['between']}{mask}"
                    if is_secret_name(match["name"])
                    else match[0]
                ),
                text,
            )
    return text


def _spellings(value: str) -> Iterator[str]:
    """How a text is written in the formats that are emitted: as it is, in JSON, Python, HTML and
    URIs.
    """
    plain = [value, json.dumps(value)[1:-1], json.dumps(value, ensure_ascii=False)[1:-1]]
    yield from dict.fromkeys([*plain, repr(value)[1:-1], html.escape(value), quote(value, safe="")])
