"""Loads a frame into a temporary staging table: parquet, PUT, COPY INTO.

This path works alike on Snowflake and on the embedded warehouse, and loads rows in bulk, see
https://docs.snowflake.com/en/sql-reference/sql/copy-into-table
"""

from __future__ import annotations

import logging
import tempfile
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from runtime.snowflake.errors import SqlExecutionError, WriteError
from runtime.snowflake.identifiers import TableName, quote
from runtime.snowflake.statements import execute_sql

if TYPE_CHECKING:
    import pyarrow as pa
    from snowflake.connector import SnowflakeConnection

logger = logging.getLogger(__name__)

ROWS_PER_FILE = 500_000
"""Files of about 100 MB load best; several are loaded in parallel."""


@contextmanager
def staged(
    connection: SnowflakeConnection, target: TableName, data: pa.Table
) -> Iterator[TableName]:
    """Give a staging table beside `target` with the data and the target's column types.

    Table and stage are temporary, uniquely named, and dropped at the block's end in any case.
    Raises `SqlExecutionError` and `WriteError`.
    """
    name = f"STAGING_{uuid.uuid4().hex.upper()}"
    staging, stage = target.sibling(name), target.sibling(f"{name}_FILES")
    columns = ", ".join(quote(column) for column in data.column_names)
    try:
        execute_sql(
            connection,
            [
                f"CREATE TEMPORARY TABLE {staging} AS SELECT {columns} FROM {target} WHERE 1 = 0",
                f"CREATE TEMPORARY STAGE {stage.plain}",
            ],
            split=False,
        )
        _upload(connection, stage, data)
        _copy(connection, staging, stage, data.num_rows)
        yield staging
    finally:
        _drop(
            connection, [f"DROP TABLE IF EXISTS {staging}", f"DROP STAGE IF EXISTS {stage.plain}"]
        )


def _upload(connection: SnowflakeConnection, stage: TableName, data: pa.Table) -> None:
    import pyarrow.parquet as pq

    with tempfile.TemporaryDirectory(prefix="snowflake_") as folder:
        for number, start in enumerate(range(0, data.num_rows, ROWS_PER_FILE)):
            file = Path(folder) / f"part_{number:05d}.parquet"
            # Snowflake has no nanoseconds in parquet's own timestamp type.
            pq.write_table(
                data.slice(start, ROWS_PER_FILE),
                file,
                coerce_timestamps="us",
                allow_truncated_timestamps=True,
            )
            url = f"file://{file.as_posix()}".replace("\\", "\\\\").replace("'", "\\'")
            execute_sql(
                connection,
                f"PUT '{url}' @{stage.plain} AUTO_COMPRESS = FALSE OVERWRITE = TRUE",
                split=False,
            )


def _copy(
    connection: SnowflakeConnection, staging: TableName, stage: TableName, expected: int
) -> None:
    if expected == 0:
        return
    (result,) = execute_sql(
        connection,
        f"COPY INTO {staging} FROM @{stage.plain} "
        "FILE_FORMAT = (TYPE = PARQUET USE_LOGICAL_TYPE = TRUE) "
        "MATCH_BY_COLUMN_NAME = CASE_INSENSITIVE",
        split=False,
    )
    # Where Snowflake finds no file, it answers with a status alone.
    counted = "rows_loaded" in result.columns
    loaded = sum(int(row[result.columns.index("rows_loaded")]) for row in result.rows if counted)
    if loaded != expected:
        raise WriteError(f"COPY INTO {staging} loaded {loaded} of {expected} rows.")


def _drop(connection: SnowflakeConnection, statements: Sequence[str]) -> None:
    for statement in statements:
        try:
            execute_sql(connection, statement, split=False)
        except SqlExecutionError as error:
            # The write's own outcome counts; Snowflake drops temporary objects with the session.
            logger.warning("Staging was not cleaned up: %s", error)
