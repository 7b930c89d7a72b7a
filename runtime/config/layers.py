"""Lay the sources of a configuration over each other, and remember where each value came from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

KeyPath = tuple["str | int", ...]


@dataclass(frozen=True)
class Layer:
    """One source of values.

    `places` tells where a key stands, e.g. `configs/base.yaml:3`. `references` has the text of the
    values that stand elsewhere, e.g. `${SNOWFLAKE_PASSWORD}`. `literal` is true where the values
    are written in a file, which no secret should be.
    """

    data: dict[str, Any]
    places: dict[KeyPath, str] = field(default_factory=dict)
    references: dict[KeyPath, str] = field(default_factory=dict)
    literal: bool = False

    def place(self, at: KeyPath) -> str | None:
        """Give the place of a key that this layer has, or else of the nearest key around it."""
        if not _has(self.data, at):
            return None
        return next(
            (
                self.places[at[:length]]
                for length in range(len(at), 0, -1)
                if at[:length] in self.places
            ),
            None,
        )


def merge_layers(layers: Sequence[Layer]) -> dict[str, Any]:
    """Give the data of all layers, the later the stronger; mappings are merged, lists replaced."""
    merged: dict[str, Any] = {}
    for layer in layers:
        merged = merge(merged, layer.data)
    return merged


def merge(under: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    """Lay one mapping over another; neither is changed."""
    merged = dict(under)
    for key, value in over.items():
        below = merged.get(key)
        both = isinstance(below, dict) and isinstance(value, dict)
        merged[key] = merge(below, value) if both and below is not None else value
    return merged


def giver(layers: Sequence[Layer], at: KeyPath) -> Layer | None:
    """Give the strongest layer that has a key, None where the value is a default."""
    return next((layer for layer in reversed(layers) if _has(layer.data, at)), None)


def _has(data: Any, at: KeyPath) -> bool:
    for key in at:
        indexed = isinstance(data, list) and isinstance(key, int) and key < len(data)
        if not indexed and not (isinstance(data, dict) and key in data):
            return False
        data = data[key]
    return True
