"""Snowflake in and out: connections, statements, data frames read and written."""

from __future__ import annotations

from runtime.snowflake.connection import connect
from runtime.snowflake.identifiers import TableName
from runtime.snowflake.modes import WriteMode
from runtime.snowflake.reader import read_arrow, read_batches, read_frame
from runtime.snowflake.statements import StatementResult, execute_sql
from runtime.snowflake.writer import WriteResult, write_frame

__all__ = [
    "StatementResult",
    "TableName",
    "WriteMode",
    "WriteResult",
    "connect",
    "execute_sql",
    "read_arrow",
    "read_batches",
    "read_frame",
    "write_frame",
]
