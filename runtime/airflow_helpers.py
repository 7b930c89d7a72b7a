"""Airflow's small helpers, for callables taken over from a DAG. Source: `airflow.utils.helpers`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeVar

T = TypeVar("T")


def chunks(items: list[T], chunk_size: int) -> Iterator[list[T]]:
    """Give successive parts of a list."""
    if chunk_size <= 0:
        raise ValueError("Chunk size must be a positive integer")
    for start in range(0, len(items), chunk_size):
        yield items[start : start + chunk_size]


def merge_dicts(dict1: dict[Any, Any], dict2: dict[Any, Any]) -> dict[Any, Any]:
    """Lay the second dict over the first, dicts within them as well."""
    merged = dict1.copy()
    for key, value in dict2.items():
        both = isinstance(merged.get(key), dict) and isinstance(value, dict)
        merged[key] = merge_dicts(merged[key], value) if both else value
    return merged


def prune_dict(val: Any, mode: str = "strict") -> Any:
    """Leave out what is `None`, or with `mode="truthy"` what is empty, at any depth."""
    if mode not in ("strict", "truthy"):
        raise ValueError("allowable values for `mode` include 'truthy' and 'strict'")

    def is_empty(value: Any) -> bool:
        return value is None if mode == "strict" else not value

    if isinstance(val, dict):
        pruned = {key: prune_dict(item, mode) for key, item in val.items() if not is_empty(item)}
        return {
            key: item
            for key, item in pruned.items()
            if not isinstance(item, (list, dict)) or not is_empty(item)
        }
    if isinstance(val, list):
        items = [prune_dict(item, mode) for item in val if not is_empty(item)]
        return [item for item in items if not isinstance(item, (list, dict)) or not is_empty(item)]
    return val


def exactly_one(*args: Any) -> bool:
    """Tell whether one argument is true and no other."""
    if any(isinstance(arg, list) for arg in args):
        raise ValueError("Not supported for iterable args")
    return sum(map(bool, args)) == 1


def at_most_one(*args: Any) -> bool:
    """Tell whether no two arguments are true."""
    return sum(map(bool, args)) <= 1
