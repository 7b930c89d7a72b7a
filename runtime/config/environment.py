"""Configuration values from the environment: `RUNTIME__SECTION__KEY=value`."""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping
from typing import Any

import yaml

from runtime.config.fields import holds_text
from runtime.exceptions import ConfigError

PREFIX = "RUNTIME__"


def overlay_environment(data: dict[str, Any], environment: Mapping[str, str]) -> dict[str, Any]:
    """Put the environment's values over the data of the files.

    Names are matched without regard to case, and with `-`, `.` and blanks of a connection id as
    `_`. Values are YAML, except where the key holds text: that is taken as it is, so that a
    password of digits keeps its zeros. Raises `ConfigError` that names the variable.
    """
    merged = copy.deepcopy(data)
    for name in sorted(environment):
        if not name.startswith(PREFIX):
            continue
        parts = name[len(PREFIX) :].split("__")
        if not all(parts):
            raise ConfigError(
                f"Environment variable {name}: a key in it is empty. "
                f"Write it as {PREFIX}SECTION__KEY."
            )
        _put(merged, parts, name, environment[name])
    return merged


def _put(data: dict[str, Any], parts: list[str], name: str, text: str) -> None:
    path: list[str] = []
    for part in parts[:-1]:
        path.append(_matching_key(data, part))
        inner = data.setdefault(path[-1], {})
        if not isinstance(inner, dict):
            inner = data[path[-1]] = {}
        data = inner
    key = _matching_key(data, parts[-1])
    data[key] = text if holds_text([*path, key]) else _parse(text, name)


def _matching_key(data: dict[str, Any], part: str) -> str:
    """Give the key of the files that a variable's part means, or the part in lower case."""
    return next((key for key in data if _plain(str(key)) == _plain(part)), part.lower())


def _plain(key: str) -> str:
    return re.sub(r"[-. ]", "_", key).casefold()


def _parse(text: str, name: str) -> Any:
    try:
        return yaml.safe_load(text)
    except yaml.YAMLError:
        # The cause would show the value, which may be a secret.
        raise ConfigError(f"Environment variable {name}: its value is not valid YAML.") from None
