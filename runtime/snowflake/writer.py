"""Writes data frames into tables, all rows or none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, get_args

from runtime.snowflake.errors import WriteError
from runtime.snowflake.frames import (
    Partition,
    canonical,
    check_keys,
    fit_columns,
    resolve_columns,
    set_partition,
    to_arrow,
)
from runtime.snowflake.identifiers import TableName
from runtime.snowflake.modes import StagedRows, WriteMode, apply_mode
from runtime.snowflake.staging import staged
from runtime.snowflake.statements import execute_sql

if TYPE_CHECKING:
    import pandas as pd
    from snowflake.connector import SnowflakeConnection


@dataclass(frozen=True)
class WriteResult:
    """What was written: the number of rows, how, and into which table."""

    rows: int
    mode: WriteMode
    table: str


def write_frame(
    connection: SnowflakeConnection,
    frame: pd.DataFrame,
    table: str,
    *,
    mode: WriteMode = "append",
    keys: Sequence[str] | None = None,
    partition: Partition | None = None,
) -> WriteResult:
    """Write all rows or none into an existing table.

    - `append` adds the rows; a repetition adds them again.
    - `overwrite` replaces the whole table.
    - `overwrite_partition` replaces the rows that have the `partition`'s values.
    - `merge` updates the rows whose `keys` are there and inserts the others.

    Columns are matched by name; those that the frame lacks get their default. The values of
    `partition` are added as columns in every mode. Where `keys` are given, they (with the
    partition's columns) must be unique and not null. Raises `WriteError`, `InvalidIdentifierError`
    and `SqlExecutionError`; the target is unchanged then.
    """
    if mode not in get_args(WriteMode):
        raise WriteError(f"Unknown mode {mode!r}; there are {', '.join(get_args(WriteMode))}.")
    if mode == "overwrite_partition" and not partition:
        raise WriteError(
            "Mode overwrite_partition needs `partition`, e.g. {'RUN_DATE': '2024-01-01'}."
        )
    if mode == "merge" and not keys:
        raise WriteError("Mode merge needs `keys`, the columns that identify a row.")
    target = TableName.parse(table).within(connection.database, connection.schema)
    types = column_types(connection, target)
    names = list(types)
    fixed = {
        column: canonical(value, types[column])
        for column, value in zip(
            resolve_columns(list(partition or {}), names, table, "Partition"),
            (partition or {}).values(),
            strict=True,
        )
    }
    fitted = set_partition(fit_columns(frame, names, table), fixed, types, table)
    key_columns = list(dict.fromkeys([*fixed, *resolve_columns(keys or [], names, table, "Key")]))
    if keys:
        check_keys(fitted, key_columns, table)
    with staged(connection, target, to_arrow(fitted, types, table)) as staging:
        apply_mode(
            connection,
            mode,
            StagedRows(
                target, staging, tuple(fitted.columns), tuple(key_columns), fixed, len(fitted)
            ),
        )
    return WriteResult(len(frame), mode, str(target))


def column_types(connection: SnowflakeConnection, table: TableName) -> dict[str, str]:
    """Give the connector's type name per column of a table, in order."""
    (result,) = execute_sql(connection, f"SELECT * FROM {table} LIMIT 0", split=False)
    return dict(zip(result.columns, result.types, strict=True))
