"""A step option that several steps repeat becomes a constant of the module."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from transpiler.model.pipeline import Expr

CONSTANTS = {"retry": "RETRY"}
"""The constant's name by option."""


def shared_options(
    steps: Sequence[Mapping[str, Expr]],
) -> tuple[list[str], list[Mapping[str, Expr]]]:
    """Statements for the constants, and each step's options with the constants in place.

    Only the most frequent value of an option is shared, and only where two steps or more have it.
    """
    statements: list[str] = []
    replaced = [dict(step) for step in steps]
    for option, name in CONSTANTS.items():
        counts = Counter(step[option] for step in steps if option in step)
        for value, count in counts.most_common(1):
            if count > 1:
                statements.append(f"{name} = {value.code}")
                for step in replaced:
                    if step.get(option) == value:
                        step[option] = Expr(name)
    return statements, list(replaced)
