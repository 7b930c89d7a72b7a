"""Read a YAML file into plain data that remembers its lines."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from runtime.config.layers import KeyPath, Layer
from runtime.config.references import resolve
from runtime.exceptions import ConfigError


def read_yaml(path: Path) -> Layer:
    """Read a file whose top level is a mapping; `${NAME}` in a value is an environment variable.

    What else a reference may be is in `runtime.config.references`. Raises `ConfigError` with file
    and line for text that is not YAML, a key that comes twice, and a reference to what is not set.
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
        return Layer({}, literal=True)
    if not isinstance(data, dict):
        raise ConfigError(f"{path}:1: the file must hold a mapping of keys to values.")
    lines: dict[KeyPath, int] = {}
    _collect_lines(node, (), path, lines, set())
    places = {at: f"{path}:{line}" for at, line in lines.items()}
    layer = Layer(data, places, literal=True)
    references: dict[KeyPath, str] = {}
    resolved = _resolve_all(data, (), layer, references)
    return Layer(resolved, places, references, literal=True)


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


def _resolve_all(value: Any, at: KeyPath, layer: Layer, references: dict[KeyPath, str]) -> Any:
    if isinstance(value, dict):
        return {
            key: _resolve_all(item, (*at, str(key)), layer, references)
            for key, item in value.items()
        }
    if isinstance(value, list):
        return [
            _resolve_all(item, (*at, index), layer, references) for index, item in enumerate(value)
        ]
    if not isinstance(value, str):
        return value
    try:
        resolved, refers = resolve(value)
    except ConfigError as error:
        key = ".".join(str(part) for part in at)
        raise ConfigError(f"{layer.place(at)}: {key} {error}") from None
    if refers:
        references[at] = value
    return resolved
