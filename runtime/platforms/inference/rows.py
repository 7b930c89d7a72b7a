"""Rows of frames as JSON, in which no digit of a number is lost."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from runtime.platforms.errors import ServedModelError

if TYPE_CHECKING:
    import pandas as pd


def json_rows(frame: pd.DataFrame) -> list[list[Any]]:
    """Give each row as a list of its values: numbers exactly, times in ISO 8601, None for missing.

    Raises `ServedModelError` for an infinite number, which JSON does not have.
    """
    columns = [_values(str(name), frame.iloc[:, at]) for at, name in enumerate(frame.columns)]
    return [list(row) for row in zip(*columns, strict=True)]


def json_records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Give each row as a mapping of columns to values, see `json_rows`."""
    names = [str(name) for name in frame.columns]
    return [dict(zip(names, row, strict=True)) for row in json_rows(frame)]


def _values(name: str, column: pd.Series[Any]) -> list[Any]:
    import numpy as np

    missing = column.isna().tolist()
    values = column.tolist()
    if column.dtype.kind == "f" and np.isinf(column.to_numpy(dtype="float64", na_value=0)).any():
        raise ServedModelError(
            f"The column {name!r} has infinite values, which JSON cannot carry. Replace them."
        )
    return [None if gone else _plain(value) for value, gone in zip(values, missing, strict=True)]


def _plain(value: Any) -> Any:
    if isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, Decimal):
        return float(value)
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return value.item() if hasattr(value, "item") else str(value)
