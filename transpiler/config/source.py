"""YAML into plain data that remembers its lines. The file may come from a project that is not
trusted.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

KeyPath: TypeAlias = "tuple[str | int, ...]"
MAX_BYTES = 256 * 1024


class MigrationConfigError(Exception):
    """migration.yaml cannot be used. Each line of the message has file, line, key and remedy."""


@dataclass(frozen=True)
class YamlFile:
    """The data of one file and the line (from 1) of every key in it."""

    path: Path
    data: dict[str, Any]
    lines: dict[KeyPath, int] = field(default_factory=dict)

    def where(self, key: KeyPath) -> str:
        """`file:line` of a key, or of its nearest parent that the file has."""
        for length in range(len(key), 0, -1):
            if key[:length] in self.lines:
                return f"{self.path}:{self.lines[key[:length]]}"
        return f"{self.path}:1"


def read_yaml(path: Path) -> YamlFile:
    """Read a file whose top level is a mapping.

    Raises MigrationConfigError for a file that is missing, too large, not YAML, has a key twice, or
    uses anchors (which let a small file grow without bound).
    """
    import yaml

    class Loader(yaml.SafeLoader):
        def compose_node(self, parent: Any, index: Any) -> Any:
            if self.check_event(yaml.AliasEvent):
                line = self.get_event().start_mark.line + 1  # type: ignore[no-untyped-call]
                raise MigrationConfigError(
                    f"{path}:{line}: YAML aliases (*name) are not supported. Repeat the value."
                )
            return super().compose_node(parent, index)

    text = _read_text(path)
    lines: dict[KeyPath, int] = {}
    try:
        loader = Loader(text)
        node = loader.get_single_node()
        if node is not None:
            _collect_lines(node, (), path, lines)  # construction merges what `<<` names
        data = None if node is None else loader.construct_document(node)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        line = mark.line + 1 if mark else 1
        raise MigrationConfigError(f"{path}:{line}: not valid YAML: {error.problem}.") from error
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise MigrationConfigError(f"{path}:1: not valid YAML: {error}.") from error
    if data is None:
        return YamlFile(path, {})
    if not isinstance(data, dict):
        raise MigrationConfigError(f"{path}:1: the file must be a mapping of keys to values.")
    return YamlFile(path, _text_keys(data), lines)


def _read_text(path: Path) -> str:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise MigrationConfigError(
            f"{path}: cannot be read: {error.strerror}. Check the path."
        ) from error
    if len(content) > MAX_BYTES:
        raise MigrationConfigError(
            f"{path}: larger than {MAX_BYTES // 1024} KiB. Is it the right file?"
        )
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise MigrationConfigError(f"{path}: not UTF-8 text. Save it as UTF-8.") from error


def _collect_lines(node: Any, at: KeyPath, path: Path, lines: dict[KeyPath, int]) -> None:
    if node.id == "mapping":
        for key_node, value_node in node.value:
            key = (*at, str(key_node.value))
            line = key_node.start_mark.line + 1
            if key in lines:
                raise MigrationConfigError(
                    f"{path}:{line}: the key {key[-1]!r} comes twice "
                    f"(first in line {lines[key]}). Keep one."
                )
            lines[key] = line
            _collect_lines(value_node, key, path, lines)
    elif node.id == "sequence":
        for index, item in enumerate(node.value):
            key = (*at, index)
            lines[key] = item.start_mark.line + 1
            _collect_lines(item, key, path, lines)


def _text_keys(value: Any) -> Any:
    """YAML reads a bare `on` or `12` as no text; keys of migration.yaml are names."""
    if isinstance(value, dict):
        return {str(key): _text_keys(item) for key, item in value.items()}
    return [_text_keys(item) for item in value] if isinstance(value, list) else value
