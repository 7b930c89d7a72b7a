"""The reference of the configuration, made of its models."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, get_args

from pydantic import BaseModel

from runtime.config.models import RuntimeConfig

SECTIONS = ("data", "model", "inference", "output", "validation", "monitoring")
"""What a batch inference pipeline reads."""


def sections_markdown(sections: Sequence[str] = SECTIONS) -> str:
    """Give a table for each section, with those of the sections in it."""
    parts: list[str] = []
    for name in sections:
        section = RuntimeConfig.model_fields[name].annotation
        parts += [_section(where, each) for where, each in _inner(name, section)]
    return "\n\n".join(parts)


def _section(name: str, model: type[BaseModel]) -> str:
    lines = [
        f"### {name}",
        "",
        str(model.__doc__),
        "",
        "| key | default | meaning |",
        "|---|---|---|",
    ]
    inner: list[str] = []
    for key, field in model.model_fields.items():
        default = field.get_default(call_default_factory=True)
        lines.append(f"| `{key}` | {_default(default)} | {field.description} |")
        inner += [
            _section(f"{name}.{where}", each) for where, each in _inner(key, field.annotation)
        ]
    return "\n\n".join(["\n".join(lines), *inner])


def _default(value: Any) -> str:
    if isinstance(value, BaseModel) or value is None or value in ({}, []):
        return ""
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


def _inner(key: str, annotation: Any) -> list[tuple[str, type[BaseModel]]]:
    arguments = [(key, annotation), *((f"{key}.*", each) for each in get_args(annotation))]
    return [
        (name, each)
        for name, each in arguments
        if isinstance(each, type) and issubclass(each, BaseModel)
    ]
