"""Read a YAML file into plain data that remembers its lines."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from runtime.exceptions import ConfigError

KeyPath = tuple["str | int", ...]
_REFERENCE = re.compile(r"\$(\$)?\{([A-Za-z_][A-Za-z0-9_]*)\}")


@dataclass(frozen=True)
class YamlSource:
    """The data of one file, and the line (from 1) of every key in it."""

    path: Path
    data: dict[str, Any]
    lines: dict[KeyPath, int] = field(default_factory=dict)

    def where(self, key_path: KeyPath) -> str:
        """Give `file:line` of a key, or of its nearest parent that the file has."""
        for length in range(len(key_path), 0, -1):
            if key_path[:length] in self.lines:
                return f"{self.path}:{self.lines[key_path[:length]]}"
        return str(self.path)


def read_yaml(path: Path) -> YamlSource:
    """Read a file whose top level is a mapping; `${NAME}` in a value is an environment variable.

    `$${NAME}` stands for the literal text `${NAME}`. Raises `ConfigError` with file and line for
    text that is not YAML, a key that comes twice, and an environment variable that is not set.
    """
    try:
        text = path.read_text(encoding="utf-8")
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        data = yaml.safe_load(text)
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}: not UTF-8 text ({error.reason}). Save it as UTF-8.") from error
    except yaml.YAMLError as error:
        raise ConfigError(f"{path}: not valid YAML: {_describe(error)}") from error
    if data is None:
        return YamlSource(path, {})
    if not isinstance(data, dict):
        raise ConfigError(f"{path}:1: the file must hold a mapping of keys to values.")
    lines: dict[KeyPath, int] = {}
    _collect_lines(node, (), path, lines, set())
    source = YamlSource(path, data, lines)
    return YamlSource(path, _substitute(data, (), source), lines)


def _describe(error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or "it does not parse"
    return f"line {mark.line + 1}: {problem}." if mark else f"{problem}."


def _collect_lines(
    node: yaml.Node | None, at: KeyPath, path: Path, lines: dict[KeyPath, int], open_nodes: set[int]
) -> None:
    if id(node) in open_nodes:
        raise ConfigError(f"{path}: {'.'.join(map(str, at))} contains itself. Remove the alias.")
    open_nodes = open_nodes | {id(node)}
    if isinstance(node, yaml.MappingNode):
        for key_node, value_node in node.value:
            key = (*at, str(key_node.value))
            line = key_node.start_mark.line + 1
            if key in lines:
                raise ConfigError(
                    f"{path}:{line}: the key {key[-1]!r} comes twice (first in line {lines[key]}). "
                    "Keep one."
                )
            lines[key] = line
            _collect_lines(value_node, key, path, lines, open_nodes)
    elif isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            place = (*at, index)
            lines[place] = item.start_mark.line + 1
            _collect_lines(item, place, path, lines, open_nodes)


def _substitute(value: Any, at: KeyPath, source: YamlSource) -> Any:
    if isinstance(value, dict):
        return {key: _substitute(item, (*at, str(key)), source) for key, item in value.items()}
    if isinstance(value, list):
        return [_substitute(item, (*at, index), source) for index, item in enumerate(value)]
    if not isinstance(value, str):
        return value

    def replace(match: re.Match[str]) -> str:
        if match[1]:
            return f"${{{match[2]}}}"
        if match[2] not in os.environ:
            key = ".".join(str(part) for part in at)
            raise ConfigError(
                f"{source.where(at)}: {key} refers to the environment variable {match[2]}, "
                f"which is not set. Set {match[2]}, or write the value."
            )
        return os.environ[match[2]]

    return _REFERENCE.sub(replace, value)
