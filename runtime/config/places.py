"""Where a key of the configuration is written."""

from __future__ import annotations

from collections.abc import Sequence

from runtime.config.layers import KeyPath, Layer, giver


def place(at: KeyPath, layers: Sequence[Layer]) -> str:
    """Name the place of a key; the strongest layer that has it, or a key around it, gave it."""
    for length in range(len(at), 0, -1):
        layer = giver(layers, at[:length])
        found = layer.place(at[:length]) if layer else None
        if found is not None:
            return found
    return "configuration"
