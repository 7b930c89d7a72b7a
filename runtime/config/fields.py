"""What the configuration's models hold under a path of keys."""

from __future__ import annotations

from collections.abc import Sequence
from types import UnionType
from typing import Any, Union, get_args, get_origin

from pydantic import BaseModel, SecretStr

from runtime.config.models import RuntimeConfig


def holds_text(path: Sequence[str]) -> bool:
    """Tell whether the value under a path is text and nothing else."""
    alternatives = _alternatives(_annotation_at(path))
    return str in alternatives or SecretStr in alternatives


def holds_secret(path: Sequence[str]) -> bool:
    """Tell whether the value under a path is never shown."""
    return SecretStr in _alternatives(_annotation_at(path))


def valid_keys(path: Sequence[str]) -> list[str]:
    """Give the keys that the section under a path may have; empty where any key is valid."""
    for alternative in _alternatives(_annotation_at(path)):
        if _is_model(alternative):
            return list(_fields(alternative))
    return []


def _annotation_at(path: Sequence[str]) -> Any:
    annotation: Any = RuntimeConfig
    for key in path:
        annotation = _inside(annotation, key)
    return annotation


def _inside(annotation: Any, key: str) -> Any:
    for alternative in _alternatives(annotation):
        if _is_model(alternative):
            return _fields(alternative).get(key)
        if get_origin(alternative) is dict:
            return get_args(alternative)[1]
    return None


def _alternatives(annotation: Any) -> tuple[Any, ...]:
    if get_origin(annotation) in (Union, UnionType):
        return get_args(annotation)
    return (annotation,)


def _is_model(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


def _fields(model: type[BaseModel]) -> dict[str, Any]:
    return {field.alias or name: field.annotation for name, field in model.model_fields.items()}
