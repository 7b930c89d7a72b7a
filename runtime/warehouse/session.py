"""What statement rewrites need to know and do within a fakesnow session."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

FullName = tuple[str, str, str]
"""Database, schema and object, as stored."""


class FakesnowSession:
    """A fakesnow connection, seen as `runtime.warehouse.rewrites.Session`."""

    def __init__(self, token: str, connection: Any, temporary: set[FullName]) -> None:
        """`temporary` collects the tables to drop at the session's end."""
        self.token = token
        self._connection = connection
        self._temporary = temporary

    @property
    def database(self) -> str | None:
        """The session's current database."""
        found: str | None = self._connection.database
        return found

    @property
    def schema(self) -> str | None:
        """The session's current schema."""
        found: str | None = self._connection.schema
        return found

    def table_exists(self, table: str) -> bool:
        """Whether the table, named as in SQL, exists."""
        import snowflake.connector

        try:
            self._connection.cursor().execute(f"DESCRIBE TABLE {table}")
        except snowflake.connector.errors.ProgrammingError:
            return False
        return True

    def drop_stage(self, stage: str) -> bool:
        """Drop a stage, named as in SQL, with its files; False where there was none."""
        from fakesnow.transforms.stage import internal_dir

        database, schema, name = self._full_name(stage)
        cursor = self._connection._duck_conn.cursor()
        deleted = cursor.execute(
            "DELETE FROM _fs_global._fs_information_schema._fs_stages "
            "WHERE database_name = ? AND schema_name = ? AND name = ? RETURNING name",
            [database, schema, name],
        ).fetchall()
        files = Path(internal_dir(f"{database}.{schema}.{name}"))
        if files.is_dir():
            shutil.rmtree(files)
        return bool(deleted)

    def is_temporary(self, table: str) -> bool:
        """Whether this session made the table as a temporary one."""
        return self._full_name(table) in self._temporary

    def drop_at_end(self, table: str) -> None:
        """Note the table as a temporary one, dropped when the session ends."""
        self._temporary.add(self._full_name(table))

    def interrupt(self) -> None:
        """Stop a running query; it fails."""
        self._connection._duck_conn.interrupt()

    def end(self) -> None:
        """Stop a running query, roll back, drop the session's temporary tables and close it."""
        self.interrupt()
        self._connection.rollback()
        for table in sorted(self._temporary):
            name = ".".join(f'"{part}"' for part in table)
            self._connection.cursor().execute(f"DROP TABLE IF EXISTS {name}")
        self._connection.close()

    def _full_name(self, name: str) -> FullName:
        from fakesnow.transforms.stage import parts_from_var

        parts: FullName = parts_from_var(name, self._connection.database, self._connection.schema)
        return parts
