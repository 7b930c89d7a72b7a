"""YAML of which every value is one that JSON has: dates stay the texts they are written as."""

from __future__ import annotations

from typing import Any

import yaml


class _PlainLoader(yaml.SafeLoader):
    """PyYAML's safe loader without its dates."""


_PlainLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith(":timestamp")]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def read_plain(text: str) -> Any:
    """Read one YAML value. Raises `yaml.YAMLError`."""
    # A subclass of the safe loader makes no objects.
    return yaml.load(text, Loader=_PlainLoader)  # noqa: S506
