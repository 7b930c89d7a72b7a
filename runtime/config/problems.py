"""What is wrong in a configuration, each problem with its place and the remedy."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from typing import Any

from pydantic import ValidationError

from runtime.config.fields import holds_secret, valid_keys
from runtime.config.layers import KeyPath, Layer, giver


def problems(error: ValidationError, layers: Sequence[Layer]) -> Iterator[str]:
    """Describe what pydantic refused, without the values."""
    for problem in error.errors(include_input=False, include_url=False, include_context=False):
        at: KeyPath = tuple(problem["loc"])
        key = ".".join(str(part) for part in at)
        if problem["type"] == "extra_forbidden":
            yield f"{place(at, layers)}: unknown key {key!r}.{_nearest(at)}"
        else:
            yield f"{place(at, layers)}: {key}: {problem['msg']}."


def plain_secrets(data: Any, layers: Sequence[Layer], at: KeyPath = ()) -> Iterator[str]:
    """Describe the secrets that are written into a file."""
    if isinstance(data, dict):
        for key, value in data.items():
            yield from plain_secrets(value, layers, (*at, str(key)))
        return
    if data is None or not holds_secret([str(part) for part in at]):
        return
    layer = giver(layers, at)
    if layer is not None and layer.literal and at not in layer.references:
        key = ".".join(str(part) for part in at)
        yield (
            f"{place(at, layers)}: {key} is a secret in plain text. Put it into an environment "
            "variable and write ${NAME}, or into a secret of ZenML and write ${secret:NAME.KEY}."
        )


def place(at: KeyPath, layers: Sequence[Layer]) -> str:
    """Name the place of a key; the strongest layer that has it, or a key around it, gave it."""
    for length in range(len(at), 0, -1):
        layer = giver(layers, at[:length])
        found = layer.place(at[:length]) if layer else None
        if found is not None:
            return found
    return "configuration"


def _nearest(at: KeyPath) -> str:
    names = valid_keys([str(part) for part in at[:-1]])
    near = difflib.get_close_matches(str(at[-1]), names, n=1, cutoff=0.5)
    if near:
        return f" Did you mean {near[0]!r}?"
    return f" Valid keys here: {', '.join(names)}."
