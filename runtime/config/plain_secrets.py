"""Secrets that are written into a configuration file, which others can read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from runtime.config.fields import holds_secret, valid_keys
from runtime.config.layers import KeyPath, Layer, giver
from runtime.config.places import place

_NAME = re.compile(
    r"(?:pass(?:word|wd|phrase|code)|secret|token|credentials?"
    r"|(?:api|access|private|secret|auth|account|signing|encryption)[-_ ]?key)\d*\Z",
    re.IGNORECASE,
)
"""How a key ends that holds a secret; one of a path, address or name of it ends otherwise."""
_PATH = re.compile(r"\.{0,2}/|~/|[A-Za-z]:\\")
_IN_ADDRESS = re.compile(r"://[^/\s:@]*:[^/\s@]+@")


def plain_secrets(data: Any, layers: Sequence[Layer], at: KeyPath = ()) -> Iterator[str]:
    """Describe the secrets that are written into a file.

    They are the values of the settings that hold one, of keys that are anyone's (`platform.config`,
    `extra`, `variables`, `params`) and are named like one, and passwords within addresses.
    """
    if isinstance(data, dict):
        for key, value in data.items():
            yield from plain_secrets(value, layers, (*at, str(key)))
        return
    what = _what(data, [str(part) for part in at])
    layer = giver(layers, at) if what else None
    if layer is None or not layer.literal or _is_referred_to(layer, at):
        return
    key = ".".join(str(part) for part in at)
    yield (
        f"{place(at, layers)}: {key} {what} in plain text. Put it into an environment "
        "variable and write ${NAME}, or into a secret of ZenML and write ${secret:NAME.KEY}."
    )


def _what(value: Any, path: list[str]) -> str | None:
    if value is None:
        return None
    if holds_secret(path):
        return "is a secret"
    texts = [text for text in (value if isinstance(value, list) else [value]) if _is_text(text)]
    if any(_IN_ADDRESS.search(text) for text in texts):
        return "holds a password"
    named = path and _NAME.search(path[-1]) and path[-1] not in valid_keys(path[:-1])
    return "is a secret" if named and any(not _PATH.match(text) for text in texts) else None


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_referred_to(layer: Layer, at: KeyPath) -> bool:
    """Whether the value, or one in it, stands outside of the file."""
    return any(key[: len(at)] == at for key in layer.references)
