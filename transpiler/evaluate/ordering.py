"""`sorted`, `max` and `min`, by key functions of the project too."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from transpiler.evaluate import operations
from transpiler.evaluate.comprehensions import iterate
from transpiler.evaluate.interpreter import CallSite
from transpiler.evaluate.truth import is_plain


def sorted_by(site: CallSite, items: list[Any], key: Any, reverse: bool) -> Any:
    """`sorted` with a key function; not known where a key is not."""
    keys = _keys(site, items, key)
    if not is_plain(keys):
        return site.symbolic("a sort key is not known")
    order = operations.attempt(
        lambda: sorted(range(len(items)), key=keys.__getitem__, reverse=bool(reverse)), site.node
    )
    return [items[index] for index in order]


def _keys(site: CallSite, items: list[Any], key: Any) -> list[Any]:
    from transpiler.evaluate.invoke import call_value

    return [call_value(site.ip, key, (item,), {}, site) for item in items] if key else items


def sort(site: CallSite, value: Any, key: Any = None, reverse: Any = False) -> Any:
    """`sorted(…)`."""
    items = iterate(site.ip, value, site.node, site.frame)
    if items is None:
        return site.symbolic("the items are not known")
    return sorted_by(site, items, key, reverse)


def extreme(choose: Callable[..., Any]) -> Callable[..., Any]:
    """`max` or `min`, with a key function too."""

    def call(site: CallSite, *values: Any, key: Any = None, **default: Any) -> Any:
        items = (
            iterate(site.ip, values[0], site.node, site.frame) if len(values) == 1 else list(values)
        )
        if items is None:
            return site.symbolic("the items are not known")
        keys = _keys(site, items, key)
        if not is_plain(keys):
            return site.symbolic("a compared value is not known")
        if not items and "default" in default:
            return default["default"]
        order = range(len(keys))
        return items[operations.attempt(lambda: choose(order, key=keys.__getitem__), site.node)]

    return call
