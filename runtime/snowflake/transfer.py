"""Checks staged rows against what was sent, before the target sees them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from runtime.snowflake.errors import WriteError
from runtime.snowflake.identifiers import quote
from runtime.snowflake.statements import execute_sql

if TYPE_CHECKING:
    from snowflake.connector import SnowflakeConnection

    from runtime.snowflake.staging import StagedFiles
    from runtime.tables.statistics import ColumnStatistics

RELATIVE_TOLERANCE = 1e-9
"""How far the sums of one column may differ: both sides add up in another order."""


def check_transfer(
    connection: SnowflakeConnection, files: StagedFiles, types: Mapping[str, str]
) -> None:
    """Compare number of rows, nulls, extremes and sums of the staging table with what was sent.

    `types` holds Snowflake's type per column of the target. Extremes and sums are compared for
    columns of type FLOAT; those of others may be rounded to their scale. Raises `WriteError`.
    """
    sent = files.statistics.columns
    expressions = ["COUNT(*)"]
    for column in sent:
        expressions += _expressions(quote(column), types[column])
    (result,) = execute_sql(
        connection, f"SELECT {', '.join(expressions)} FROM {files.table}", split=False
    )
    found = iter(result.rows[0])
    if (rows := next(found)) != files.count:
        raise WriteError(f"{files.table} holds {rows} rows, but {files.count} were sent.")
    for column, statistics in sent.items():
        _compare(column, types[column], statistics, found)


def check_unique(connection: SnowflakeConnection, files: StagedFiles, keys: Sequence[str]) -> None:
    """Raise `WriteError` where staged rows share a key."""
    listed = ", ".join(quote(key) for key in keys)
    (result,) = execute_sql(
        connection,
        f"SELECT {listed}, COUNT(*) FROM {files.table} GROUP BY {listed} HAVING COUNT(*) > 1 "
        f"ORDER BY {listed} LIMIT 1",
        split=False,
    )
    if result.first_row is not None:
        *values, count = result.first_row
        example = dict(zip(keys, values, strict=True))
        raise WriteError(f"{count} rows share the key {example}; each row needs one of its own.")


def _expressions(column: str, kind: str) -> list[str]:
    counted = [f"COUNT({column})"]
    return (
        [*counted, f"MIN({column})", f"MAX({column})", f"SUM({column})"]
        if _exact(kind)
        else counted
    )


def _exact(kind: str) -> bool:
    return kind == "REAL"


def _compare(column: str, kind: str, sent: ColumnStatistics, found: Iterator[Any]) -> None:
    values = sent.rows - sent.nulls
    if (count := next(found)) != values:
        raise WriteError(f"Column {column} arrived with {count} values, but {values} were sent.")
    if not _exact(kind):
        return
    expected = (sent.minimum, sent.maximum, sent.total)
    arrived = (next(found), next(found), next(found))
    size = values * max(abs(sent.minimum or 0), abs(sent.maximum or 0)) * RELATIVE_TOLERANCE
    for what, ours, theirs in zip(("minimum", "maximum", "sum"), expected, arrived, strict=True):
        if not _same(ours, theirs, size if what == "sum" else 0):
            raise WriteError(f"Column {column} arrived with the {what} {theirs}, not {ours}.")


def _same(ours: float | None, theirs: float | None, tolerance: float) -> bool:
    if ours is None or theirs is None:
        return ours is None and theirs is None
    if math.isnan(ours) and math.isnan(theirs):
        # The sum where both infinities are among the values.
        return True
    return ours == float(theirs) or math.isclose(
        ours, float(theirs), rel_tol=RELATIVE_TOLERANCE, abs_tol=tolerance
    )
