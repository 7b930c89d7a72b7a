"""References from migration.yaml to a container's own command line and environment.

`${args.tenure-months}` is the value that the container gets for `--tenure-months`, `${env.MARKET}`
that of the environment variable. `${args.tenure-months | int}` is the same as a number. `$${`
stands for the text `${`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

_TOKEN = re.compile(r"\$\$\{|\$\{([^{}]*)\}")
_REFERENCE = re.compile(r"\s*(args|env)\.([A-Za-z0-9_][\w.-]*)\s*(?:\|\s*(int)\s*)?")


@dataclass(frozen=True, slots=True)
class Reference:
    """One reference: where to look, the name there, and whether a number is wanted."""

    kind: Literal["args", "env"]
    name: str
    as_int: bool = False

    def __str__(self) -> str:
        return f"${{{self.kind}.{self.name}}}"


def parse(text: str) -> list[str | Reference]:
    """Split a text into plain parts and references, in order. Raises ValueError for a malformed
    reference.
    """
    parts: list[str | Reference] = []
    end = 0
    for token in _TOKEN.finditer(text):
        _append(parts, text[end : token.start()])
        _append(parts, "${" if token[0] == "$${" else _reference(token[0], token[1]))
        end = token.end()
    _append(parts, text[end:])
    return parts


def _append(parts: list[str | Reference], part: str | Reference) -> None:
    if not part:
        return
    if isinstance(part, str) and parts and isinstance(parts[-1], str):
        parts[-1] += part
    else:
        parts.append(part)


def _reference(text: str, inner: str) -> Reference:
    match = _REFERENCE.fullmatch(inner)
    if match is None:
        raise ValueError(
            f"{text} is not a reference; write ${{args.option-name}} or ${{env.NAME}}, "
            "with `| int` for a number"
        )
    kind: Literal["args", "env"] = "args" if match[1] == "args" else "env"
    return Reference(kind, match[2], match[3] is not None)
