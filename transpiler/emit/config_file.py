"""`configs/<identifier>.yaml` with comments."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from transpiler.emit.text import comment_lines

_WIDE = 1_000_000
"""No folding: a folded string reads worse, and every line stays one key."""
_LONGEST_KEY = 100
"""Well below the 128 characters from which PyYAML writes a key in its long form."""


def config_yaml(config: Mapping[str, Any], comments: Mapping[str, str]) -> str:
    """The YAML text; `comments` are by dotted path of the key that they stand above."""
    lines = list(_mapping(config, comments, "", 0)) if config else ["{}"]
    return "\n".join(lines) + "\n"


def _mapping(
    config: Mapping[str, Any], comments: Mapping[str, str], prefix: str, depth: int
) -> Iterator[str]:
    indent = "  " * depth
    for key, value in config.items():
        path = f"{prefix}{key}"
        if path in comments:
            yield from (indent + line for line in comment_lines(comments[path]))
        if isinstance(value, Mapping) and value and _simple(key):
            yield f"{indent}{_key(key)}:"
            yield from _mapping(value, comments, f"{path}.", depth + 1)
        else:
            yield from (indent + line for line in _dump({key: value}).split("\n"))


def _simple(key: Any) -> bool:
    """Whether YAML can write the key on one line before a colon."""
    return isinstance(key, str) and 0 < len(key) < _LONGEST_KEY and key.isprintable()


def _key(key: str) -> str:
    return _dump({key: None}).removesuffix(": null")


def _dump(value: Any) -> str:
    import yaml

    text: str = yaml.safe_dump(value, sort_keys=False, allow_unicode=_printable(value), width=_WIDE)
    return text.strip("\n")


def _printable(value: Any) -> bool:
    """Whether every text of the value may stand as it is: no control or bidirectional character."""
    if isinstance(value, str):
        return value.replace("\n", "").isprintable()
    if isinstance(value, Mapping):
        return all(_printable(k) and _printable(v) for k, v in value.items())
    if isinstance(value, (list, tuple)):
        return all(_printable(item) for item in value)
    return True
