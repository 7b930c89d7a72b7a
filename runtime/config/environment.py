"""Configuration values from the environment: `RUNTIME__SECTION__KEY=value`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import yaml

from runtime.config.fields import holds_text
from runtime.config.layers import KeyPath, Layer
from runtime.exceptions import ConfigError

PREFIX = "RUNTIME__"


def environment_layer(below: Mapping[str, Any], environment: Mapping[str, str]) -> Layer:
    """Give what the environment sets; `below` is the data that it will be laid over.

    Names are matched without regard to case, and with `-`, `.` and blanks of a connection id as
    `_`. Values are YAML, except where the key holds text: that is taken as it is, so that a
    password of digits keeps its zeros. Raises `ConfigError` that names the variable.
    """
    layer = Layer({})
    for name in sorted(environment):
        if not name.startswith(PREFIX):
            continue
        parts = name[len(PREFIX) :].split("__")
        if not all(parts):
            raise ConfigError(
                f"Environment variable {name}: a key in it is empty. "
                f"Write it as {PREFIX}SECTION__KEY."
            )
        _put(layer, below, parts, name, environment[name])
    return layer


def _put(layer: Layer, below: Any, parts: list[str], name: str, text: str) -> None:
    path: list[str] = []
    data = layer.data
    for depth, part in enumerate(parts):
        path.append(_matching_key(data, part) or _matching_key(below, part) or part.lower())
        below = below.get(path[-1]) if isinstance(below, Mapping) else None
        if depth < len(parts) - 1:
            inner = data.get(path[-1])
            if not isinstance(inner, dict):
                inner = data[path[-1]] = {}
            data = inner
    data[path[-1]] = text if holds_text(path) else _parse(text, name)
    at: KeyPath = tuple(path)
    layer.places[at] = f"environment ({name})"
    layer.references[at] = f"${{{name}}}"


def _matching_key(data: Any, part: str) -> str | None:
    """Give the key that a variable's part means."""
    if not isinstance(data, Mapping):
        return None
    return next((str(key) for key in data if _plain(str(key)) == _plain(part)), None)


def _plain(key: str) -> str:
    return re.sub(r"[-. ]", "_", key).casefold()


def _parse(text: str, name: str) -> Any:
    try:
        return yaml.safe_load(text)
    except yaml.YAMLError:
        # The cause would show the value, which may be a secret.
        raise ConfigError(f"Environment variable {name}: its value is not valid YAML.") from None
