"""Keeps writers of one partition apart, also where neither of them finds rows to replace.

A `DELETE` or `MERGE` that matches no row need not lock anything, so two first writers of a
partition would both insert. Each therefore updates a row of a small table first, in the same
transaction: the other one waits for its end, or is given up and repeated, and then sees its rows.
https://docs.snowflake.com/en/sql-reference/transactions#resource-locking
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from runtime.snowflake.errors import SqlExecutionError, WriteError
from runtime.snowflake.identifiers import TableName
from runtime.snowflake.statements import execute_sql

if TYPE_CHECKING:
    from snowflake.connector import SnowflakeConnection

TABLE = "RUNTIME_WRITE_LOCKS"
"""Lies in the schema of the target; its rows are never more than `SLOTS` for each table."""
COLUMNS = "(NAME VARCHAR NOT NULL, WRITES NUMBER(38, 0) NOT NULL)"
SLOTS = 64
"""Partitions of a table share so many locks, which bounds the rows."""
NO_SUCH_OBJECT = 2003
"""Snowflake's error number for an object that does not exist, or must not be seen."""


class WriteLock:
    """The lock of a partition, or of a whole table (no partition)."""

    def __init__(self, target: TableName, partition: Mapping[str, Any]) -> None:
        """Name the lock; other processes find the same for the same target and partition."""
        self.table = target.sibling(TABLE)
        written = json.dumps(sorted(partition.items()), default=str)
        slot = zlib.crc32(written.encode()) % SLOTS if partition else "all"
        self.name = f"{target} {slot}"

    def prepare(self, connection: SnowflakeConnection) -> None:
        """Make the lock's row, before the transaction begins. Raises `WriteError`."""
        if self._insert(connection):
            return
        refused = self._create(connection)
        # Another writer may have made the table at the same time.
        if not self._insert(connection):
            raise WriteError(
                f"Writers are kept apart by the table {self.table}, which cannot be made: "
                f"{refused} Let its owner run: CREATE TABLE {self.table} {COLUMNS}, and grant "
                "SELECT, INSERT and UPDATE on it to the role that writes."
            ) from refused

    def hold(self, connection: SnowflakeConnection) -> None:
        """Hold the lock until the end of the transaction that is open."""
        execute_sql(
            connection,
            f"UPDATE {self._escaped} SET WRITES = WRITES + 1 WHERE NAME = %s",
            [self.name],
            split=False,
            repeat=False,
        )

    @property
    def _escaped(self) -> str:
        """The table as SQL with bindings, where a `%` of its name must not be taken for one."""
        return str(self.table).replace("%", "%%")

    def _insert(self, connection: SnowflakeConnection) -> bool:
        """Add the row where it is missing; False where the table is."""
        # Two writers may both insert: each then updates both rows.
        try:
            execute_sql(
                connection,
                f"INSERT INTO {self._escaped} (NAME, WRITES) SELECT %s, 0 "
                f"WHERE NOT EXISTS (SELECT 1 FROM {self._escaped} WHERE NAME = %s)",
                [self.name, self.name],
                split=False,
            )
        except SqlExecutionError as error:
            if error.errno == NO_SUCH_OBJECT:
                return False
            raise
        return True

    def _create(self, connection: SnowflakeConnection) -> SqlExecutionError | None:
        try:
            execute_sql(
                connection, f"CREATE TABLE IF NOT EXISTS {self.table} {COLUMNS}", split=False
            )
        except SqlExecutionError as error:
            return error
        return None
