"""Writes data frames into tables, all rows or none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, get_args

from runtime.snowflake.errors import WriteError
from runtime.snowflake.frames import Partition
from runtime.snowflake.identifiers import TableName
from runtime.snowflake.modes import StagedRows, WriteMode, apply_mode
from runtime.snowflake.rows import FittingRows
from runtime.snowflake.staging import staged
from runtime.snowflake.statements import execute_sql
from runtime.snowflake.transfer import check_transfer, check_unique
from runtime.tables.table import Table

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
    frame: pd.DataFrame | Table,
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

    Columns are matched by name; those that the rows lack get their default. The values of
    `partition` are added as columns in every mode. Where `keys` are given, they (with the
    partition's columns) must be unique and not null. A `Table` is sent batch by batch. What
    arrived is compared with what was sent before the target is touched. Raises `WriteError`,
    `InvalidIdentifierError` and `SqlExecutionError`; the target is unchanged then.
    """
    check_mode(mode, keys, partition)
    target = TableName.parse(table).within(connection.database, connection.schema)
    rows = FittingRows.make(frame, table, column_types(connection, target), keys, partition)
    with staged(connection, target, rows.columns, rows.batches()) as files:
        check_transfer(connection, files, rows.types)
        if keys:
            # Keys that differ here may be one there: in NUMBER(38, 0), 1.2 and 1.4 are both 1.
            check_unique(connection, files, rows.keys)
        apply_mode(
            connection,
            mode,
            StagedRows(target, files.table, rows.columns, rows.keys, rows.fixed, files.count),
        )
    return WriteResult(files.count, mode, str(target))


def check_mode(
    mode: str, keys: Sequence[str] | None = None, partition: Partition | None = None
) -> None:
    """Raise `WriteError` for a mode that there is not, or that lacks what it needs."""
    if mode not in get_args(WriteMode):
        raise WriteError(f"Unknown mode {mode!r}; there are {', '.join(get_args(WriteMode))}.")
    if mode == "overwrite_partition" and not partition:
        raise WriteError(
            "Mode overwrite_partition needs `partition`, e.g. {'RUN_DATE': '2024-01-01'}."
        )
    if mode == "merge" and not keys:
        raise WriteError("Mode merge needs `keys`, the columns that identify a row.")


def column_types(connection: SnowflakeConnection, table: TableName) -> dict[str, str]:
    """Give the connector's type name per column of a table, in order."""
    (result,) = execute_sql(connection, f"SELECT * FROM {table} LIMIT 0", split=False)
    return dict(zip(result.columns, result.types, strict=True))
