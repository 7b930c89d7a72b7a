"""What is wrong in a configuration, each problem with its place and the remedy."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence

from pydantic import ValidationError

from runtime.config.fields import valid_keys
from runtime.config.layers import KeyPath, Layer
from runtime.config.places import place


def problems(error: ValidationError, layers: Sequence[Layer]) -> Iterator[str]:
    """Describe what pydantic refused, without the values."""
    for problem in error.errors(include_input=False, include_url=False, include_context=False):
        at: KeyPath = tuple(problem["loc"])
        key = ".".join(str(part) for part in at)
        if problem["type"] == "extra_forbidden":
            yield f"{place(at, layers)}: unknown key {key!r}.{_nearest(at)}"
        else:
            yield f"{place(at, layers)}: {key}: {problem['msg']}."


def _nearest(at: KeyPath) -> str:
    names = valid_keys([str(part) for part in at[:-1]])
    near = difflib.get_close_matches(str(at[-1]), names, n=1, cutoff=0.5)
    if near:
        return f" Did you mean {near[0]!r}?"
    return f" Valid keys here: {', '.join(names)}."
