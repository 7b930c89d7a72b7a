"""Merging settings: lines next to each other are keys of their own.

git calls it a conflict when both sides change neighbouring lines. In a configuration that is the
usual case: a connection was filled in, and below it the next one is new. So the lines are merged
once more with a separator between them, and the result counts if it holds just what a merge of the
two trees of keys holds.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

MergeFile = Callable[[bytes, bytes, bytes], tuple[bytes, bool]]
_ABSENT = object()
_SEPARATOR = b"\x1f\n"
"""YAML has no such character, and git does not take it for binary."""


class _ConflictError(Exception):
    """Both sides changed one value."""


def merged_yaml(
    edited: bytes, base: bytes, generated: bytes, merge_file: MergeFile
) -> bytes | None:
    """The merged text; None where a value was changed on both sides, or a text is no YAML."""
    import yaml

    try:
        trees = [yaml.safe_load(text) for text in (edited, base, generated)]
        wanted = _merged_tree(*trees)
    except (_ConflictError, yaml.YAMLError):
        return None
    spaced, clean = merge_file(*(_spaced(text) for text in (edited, base, generated)))
    if not clean:
        return None
    content = spaced.replace(_SEPARATOR, b"")
    try:
        found = yaml.safe_load(content)
    except yaml.YAMLError:
        return None
    return content if found == wanted else None


def is_yaml(content: bytes) -> bool:
    """Whether the text can be parsed."""
    import yaml

    try:
        yaml.safe_load(content)
    except (yaml.YAMLError, ValueError):
        return False
    return True


def _spaced(text: bytes) -> bytes:
    return b"".join(line + _SEPARATOR for line in text.splitlines(keepends=True))


def _merged_tree(edited: Any, base: Any, generated: Any) -> Any:
    if edited == generated or generated == base:
        return edited
    if edited == base:
        return generated
    if not (isinstance(edited, dict) and isinstance(generated, dict)):
        raise _ConflictError
    before = base if isinstance(base, dict) else {}
    merged = {}
    for key in {**edited, **generated}:
        sides = (side.get(key, _ABSENT) for side in (edited, before, generated))
        value = _merged_tree(*sides)
        if value is not _ABSENT:
            merged[key] = value
    return merged
