"""Moves staged rows into their target, one function per write mode."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from runtime.snowflake.errors import WriteError
from runtime.snowflake.identifiers import TableName, quote
from runtime.snowflake.locks import WriteLock
from runtime.snowflake.statements import execute_sql
from runtime.snowflake.transactions import in_transaction

if TYPE_CHECKING:
    from snowflake.connector import SnowflakeConnection

WriteMode = Literal["append", "overwrite", "overwrite_partition", "merge"]


@dataclass(frozen=True)
class StagedRows:
    """Rows in a staging table, and where they go. `keys` hold the partition's columns too."""

    target: TableName
    staging: TableName
    columns: tuple[str, ...]
    keys: tuple[str, ...]
    partition: Mapping[str, Any]
    count: int

    @property
    def column_list(self) -> str:
        """The columns as SQL."""
        return ", ".join(quote(column) for column in self.columns)


def apply_mode(connection: SnowflakeConnection, mode: WriteMode, rows: StagedRows) -> None:
    """Apply the staged rows, or raise `SqlExecutionError` or `WriteError` and change nothing."""
    _APPLY[mode](connection, rows)


def _append(connection: SnowflakeConnection, rows: StagedRows) -> None:
    in_transaction(connection, lambda: _insert(connection, rows))


def _overwrite(connection: SnowflakeConnection, rows: StagedRows) -> None:
    _locked(connection, rows, {}, lambda: _insert(connection, rows, overwrite=True))


def _overwrite_partition(connection: SnowflakeConnection, rows: StagedRows) -> None:
    condition = " AND ".join(f"{_literal(quote(column))} = %s" for column in rows.partition)
    target, values = _literal(str(rows.target)), list(rows.partition.values())

    def replace() -> None:
        execute_sql(
            connection, f"DELETE FROM {target} WHERE {condition}", values, split=False, repeat=False
        )
        _insert(connection, rows)

    _locked(connection, rows, rows.partition, replace)


def _merge(connection: SnowflakeConnection, rows: StagedRows) -> None:
    match = " AND ".join(f"t.{quote(key)} = s.{quote(key)}" for key in rows.keys)
    changed = [column for column in rows.columns if column not in rows.keys] or rows.keys[:1]
    update = ", ".join(f"{quote(column)} = s.{quote(column)}" for column in changed)
    values = ", ".join(f"s.{quote(column)}" for column in rows.columns)

    def merge() -> None:
        execute_sql(
            connection,
            f"MERGE INTO {rows.target} t USING {rows.staging} s ON {match} "
            f"WHEN MATCHED THEN UPDATE SET {update} "
            f"WHEN NOT MATCHED THEN INSERT ({rows.column_list}) VALUES ({values})",
            split=False,
            repeat=False,
        )

    _locked(connection, rows, {}, merge)


def _locked(
    connection: SnowflakeConnection,
    rows: StagedRows,
    partition: Mapping[str, Any],
    work: Callable[[], None],
) -> None:
    """Do the work in a transaction that keeps other writers of the same rows out."""
    lock = WriteLock(rows.target, partition)
    lock.prepare(connection)

    def work_locked() -> None:
        lock.hold(connection)
        work()

    in_transaction(connection, work_locked)


def _insert(connection: SnowflakeConnection, rows: StagedRows, *, overwrite: bool = False) -> None:
    (result,) = execute_sql(
        connection,
        f"INSERT {'OVERWRITE ' if overwrite else ''}INTO {rows.target} ({rows.column_list}) "
        f"SELECT {rows.column_list} FROM {rows.staging}",
        split=False,
        repeat=False,
    )
    if result.rowcount != rows.count:
        raise WriteError(
            f"INSERT INTO {rows.target} changed {result.rowcount} rows, not {rows.count}."
        )


def _literal(sql: str) -> str:
    """Keep a `%` of a name from being taken for a binding."""
    return sql.replace("%", "%%")


_APPLY: Mapping[WriteMode, Callable[[SnowflakeConnection, StagedRows], None]] = {
    "append": _append,
    "overwrite": _overwrite,
    "overwrite_partition": _overwrite_partition,
    "merge": _merge,
}
