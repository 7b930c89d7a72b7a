"""Loads rows into a temporary staging table: parquet, PUT, COPY INTO.

This path works alike on Snowflake and on the embedded warehouse, and loads rows in bulk, see
https://docs.snowflake.com/en/sql-reference/sql/copy-into-table
"""

from __future__ import annotations

import logging
import tempfile
import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from runtime.progress import Progress
from runtime.snowflake.errors import SqlExecutionError, WriteError
from runtime.snowflake.identifiers import TableName, quote
from runtime.snowflake.statements import execute_sql
from runtime.tables.parquet import parquet_options
from runtime.tables.statistics import TableStatistics
from runtime.tables.writer import space_for

if TYPE_CHECKING:
    import pyarrow as pa
    from snowflake.connector import SnowflakeConnection

logger = logging.getLogger(__name__)

ROWS_PER_FILE = 500_000
"""Files of about 100 MB load best; several are loaded in parallel."""


@dataclass
class StagedFiles:
    """A staging table, and what was sent to it."""

    table: TableName
    count: int = 0
    statistics: TableStatistics = field(default_factory=TableStatistics)


@contextmanager
def staged(
    connection: SnowflakeConnection,
    target: TableName,
    columns: Sequence[str],
    batches: Iterable[pa.Table],
) -> Iterator[StagedFiles]:
    """Give a staging table beside `target` with the rows and the target's column types.

    The batches have the columns `columns`, in this order; one is in memory at a time. Table and
    stage are temporary, uniquely named, and dropped at the block's end in any case. Raises
    `SqlExecutionError` and `WriteError`.
    """
    name = f"STAGING_{uuid.uuid4().hex.upper()}"
    staging, stage = target.sibling(name), target.sibling(f"{name}_FILES")
    listed = ", ".join(quote(column) for column in columns)
    try:
        execute_sql(
            connection,
            [
                f"CREATE TEMPORARY TABLE {staging} AS SELECT {listed} FROM {target} WHERE 1 = 0",
                f"CREATE TEMPORARY STAGE {stage.plain}",
            ],
            split=False,
        )
        files = StagedFiles(staging)
        _upload(connection, stage, batches, files)
        _copy(connection, staging, stage, files.count)
        yield files
    finally:
        _drop(
            connection, [f"DROP TABLE IF EXISTS {staging}", f"DROP STAGE IF EXISTS {stage.plain}"]
        )


def _upload(
    connection: SnowflakeConnection,
    stage: TableName,
    batches: Iterable[pa.Table],
    files: StagedFiles,
) -> None:
    progress = Progress("Sent")
    with tempfile.TemporaryDirectory(prefix="snowflake_") as folder:
        for number, group in enumerate(_files(batches)):
            file = Path(folder) / f"part_{number:05d}.parquet"
            before = files.count
            with space_for(file):
                _write_file(file, group, files)
            url = f"file://{file.as_posix()}".replace("\\", "\\\\").replace("'", "\\'")
            execute_sql(
                connection,
                f"PUT '{url}' @{stage.plain} AUTO_COMPRESS = FALSE OVERWRITE = TRUE",
                split=False,
            )
            file.unlink()
            progress.add(files.count - before)


def _files(batches: Iterable[pa.Table]) -> Iterator[Iterator[pa.Table]]:
    """Group the batches to files of about `ROWS_PER_FILE` rows and of one schema."""
    slices = (
        batch.slice(start, ROWS_PER_FILE)
        for batch in batches
        for start in range(0, batch.num_rows, ROWS_PER_FILE)
    )
    held = next(slices, None)

    def group() -> Iterator[pa.Table]:
        nonlocal held
        assert held is not None
        schema, rows = held.schema, 0
        while held is not None and held.schema == schema and rows < ROWS_PER_FILE:
            batch, held = held, None
            rows += batch.num_rows
            yield batch
            held = next(slices, None)

    while held is not None:
        yield group()


def _write_file(file: Path, batches: Iterator[pa.Table], files: StagedFiles) -> None:
    import pyarrow.parquet as pq

    first = next(batches)
    # Snowflake has no nanoseconds in parquet's own timestamp type.
    with pq.ParquetWriter(
        file,
        first.schema,
        coerce_timestamps="us",
        allow_truncated_timestamps=True,
        **parquet_options(first.schema),
    ) as writer:
        for batch in chain((first,), batches):
            writer.write_table(batch)
            files.count += batch.num_rows
            files.statistics.add(batch)


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
