"""When a pipeline that listens for assets starts: all of them, any of them, nested at will.

A condition is written as Airflow writes it in its database (`as_expression`): a URI,
`{"all": [...]}`, `{"any": [...]}`, `{"alias": name}`, or `{"name": name}` for an asset that is
known by its name alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

from runtime.assets.uris import normalized_uri
from runtime.exceptions import AssetError

Condition: TypeAlias = str | dict[str, Any]
_SEVERAL = {"all": all, "any": any}
_NAMES = ("alias", "name")


def normalized(condition: object) -> Condition:
    """Check a condition, and write its URIs in one way. Raises `AssetError` for what is none."""
    if isinstance(condition, str):
        return normalized_uri(condition)
    if isinstance(condition, dict) and len(condition) == 1:
        ((kind, value),) = condition.items()
        if kind in _SEVERAL and isinstance(value, (list, tuple)):
            return {kind: [normalized(one) for one in value]}
        if kind in _NAMES and isinstance(value, str) and value:
            return {kind: value}
    raise AssetError(
        f'{condition!r} is no condition. Write a URI, {{"all": […]}}, {{"any": […]}}, '
        '{"alias": "…"} or {"name": "…"}.'
    )


def leaves(condition: Condition) -> Iterator[Condition]:
    """Give the assets and aliases of a condition, each once."""
    seen: list[Condition] = []
    for leaf in _leaves(condition):
        if leaf not in seen:
            seen.append(leaf)
            yield leaf


def is_met(condition: Condition, is_updated: Callable[[Condition], bool]) -> bool:
    """Tell whether the assets of which `is_updated` says so are enough."""
    if isinstance(condition, dict):
        ((kind, value),) = condition.items()
        if kind in _SEVERAL:
            return _SEVERAL[kind](is_met(one, is_updated) for one in value)
    return is_updated(condition)


def _leaves(condition: Condition) -> Iterator[Condition]:
    if isinstance(condition, dict):
        ((kind, value),) = condition.items()
        if kind in _SEVERAL:
            for one in value:
                yield from _leaves(one)
            return
    yield condition
