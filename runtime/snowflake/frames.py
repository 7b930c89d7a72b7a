"""Makes a frame fit its target table before anything is sent."""

from __future__ import annotations

import datetime as dt
import difflib
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from runtime.snowflake.errors import WriteError

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

Partition = Mapping[str, Any]
"""Column names and the one value that each has in all written rows."""


def fit_columns(frame: pd.DataFrame, columns: Sequence[str], table: str) -> pd.DataFrame:
    """Name the frame's columns as the table does, exactly or else regardless of case.

    Raises `WriteError` for a column that the table lacks and for one that comes twice.
    """
    names = [_find(str(name), columns) for name in frame.columns]
    unknown = [str(name) for name, found in zip(frame.columns, names, strict=True) if found is None]
    if unknown:
        near = difflib.get_close_matches(unknown[0].upper(), columns, n=1)
        hint = f" Did you mean {near[0]}?" if near else ""
        raise WriteError(
            f"{table} has no column {', '.join(unknown)}; its columns: {', '.join(columns)}.{hint}"
        )
    twice = sorted({str(name) for name in names if names.count(name) > 1})
    if twice:
        raise WriteError(f"The frame for {table} has the column {', '.join(twice)} more than once.")
    return frame.set_axis(names, axis="columns")


def resolve_columns(
    names: Sequence[str], columns: Sequence[str], table: str, what: str
) -> list[str]:
    """Give the table's own spelling of column names, e.g. of the keys. Raises `WriteError`."""
    found = [_find(name, columns) for name in names]
    missing = [name for name, match in zip(names, found, strict=True) if match is None]
    if missing:
        raise WriteError(
            f"{what} {', '.join(missing)}: no such column for {table}; "
            f"there are {', '.join(columns)}."
        )
    return [match for match in found if match is not None]


def _find(name: str, columns: Sequence[str]) -> str | None:
    if name in columns:
        return name
    matches = [column for column in columns if column.upper() == name.upper()]
    return matches[0] if len(matches) == 1 else None


def set_partition(
    frame: pd.DataFrame, partition: Partition, types: Mapping[str, str], table: str
) -> pd.DataFrame:
    """Add the partition's columns; one that is there must hold the partition's value in all rows.

    Raises `WriteError`.
    """
    for column, value in partition.items():
        if column in frame.columns:
            differing = ~_equal(frame[column], value, types[column])
            if differing.any():
                raise WriteError(
                    f"{int(differing.sum())} rows for {table} have another {column} than the "
                    f"partition's {value}, e.g. {frame.loc[differing, column].iloc[0]}."
                )
    return frame.assign(**dict(partition))


def _equal(values: pd.Series[Any], value: Any, kind: str) -> pd.Series[bool]:
    return values.map(lambda cell: canonical(cell, kind) == value).astype(bool)


def canonical(value: Any, kind: str) -> Any:
    """Give a partition's value the type of its column: text from a template becomes date or number.

    Raises `WriteError` for a value that is not of that type.
    """
    if value is None or isinstance(value, (dict, list, tuple, set)) or value != value:
        raise WriteError(f"{value!r} cannot be a partition's value: no row would be found by it.")
    try:
        if kind == "DATE":
            return _to_date(value)
        if kind == "REAL":
            return float(value)
        if kind == "FIXED":
            number = Decimal(str(value))
            if not number.is_finite():
                raise ValueError("not a finite number")
            return int(number) if number == number.to_integral_value() else number
    except (ValueError, ArithmeticError) as error:
        raise WriteError(f"{value!r} is no value for a column of type {kind}: {error}") from error
    return value


def check_keys(frame: pd.DataFrame, keys: Sequence[str], table: str) -> None:
    """Raise `WriteError` where a key is null or comes twice; Snowflake enforces neither."""
    missing = [key for key in keys if key not in frame.columns]
    if missing:
        raise WriteError(f"The frame for {table} lacks the key column {', '.join(missing)}.")
    nulls = frame[list(keys)].isna().any(axis="columns")
    if nulls.any():
        raise WriteError(
            f"{int(nulls.sum())} rows for {table} have no value in the key {', '.join(keys)}."
        )
    duplicates = frame.duplicated(list(keys), keep=False)
    if duplicates.any():
        example = frame.loc[duplicates, list(keys)].iloc[0].to_dict()
        raise WriteError(
            f"{int(duplicates.sum())} rows for {table} share a key ({', '.join(keys)}), "
            f"e.g. {example}."
        )


def to_arrow(frame: pd.DataFrame, types: Mapping[str, str], table: str) -> pa.Table:
    """Convert the frame; `types` holds Snowflake's type per column. NaN and NaT become NULL.

    ISO text for a DATE or TIMESTAMP column becomes that type. Times without a zone are in UTC, and
    are UTC in a column without zones, whatever the session's time zone. Raises `WriteError` that names the
    column whose values do not have one type.
    """
    import pyarrow as pa

    arrays: dict[str, pa.Array] = {}
    for column in frame.columns:
        try:
            values = _parse_dates(frame[column], types[column])
            arrays[column] = _in_zone(pa.Array.from_pandas(values), types[column])
        except (pa.ArrowException, ValueError, TypeError, OverflowError) as error:
            raise WriteError(
                f"Column {column} does not fit {table} ({types[column]}): {error}"
            ) from error
    return pa.table(arrays)


def _in_zone(values: pa.Array, kind: str) -> pa.Array:
    import pyarrow as pa
    import pyarrow.compute as pc

    if not kind.startswith("TIMESTAMP") or not pa.types.is_timestamp(values.type):
        return values
    if kind == "TIMESTAMP_NTZ":
        return values.cast(pa.timestamp(values.type.unit))
    return values if values.type.tz else pc.assume_timezone(values, "UTC")


def _parse_dates(values: pd.Series[Any], kind: str) -> pd.Series[Any]:
    if kind == "DATE":
        return values.map(_to_date, na_action="ignore").astype(object)
    if kind.startswith("TIMESTAMP") and values.dtype == object:
        return values.map(_to_datetime, na_action="ignore")
    return values


def _to_date(value: Any) -> Any:
    if isinstance(value, str):
        return dt.date.fromisoformat(value)
    if isinstance(value, dt.datetime):
        if value.time() != dt.time():
            raise ValueError(f"{value.isoformat()} has a time of day")
        return value.date()
    return value


def _to_datetime(value: Any) -> Any:
    import dateutil.parser

    return dateutil.parser.isoparse(value) if isinstance(value, str) else value
