"""Reads query results as data frames with types that do not depend on the data.

Snowflake sends a NUMBER in the smallest type that holds the values of a chunk, so two runs of one
query can differ. Here the column's declaration decides, see `frame_from_arrow`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from runtime.progress import Progress
from runtime.snowflake.errors import SqlExecutionError
from runtime.snowflake.statements import Bindings, described, run_repeating
from runtime.tables.frames import frame_of

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa
    from snowflake.connector import SnowflakeConnection
    from snowflake.connector.cursor import ResultMetadata, SnowflakeCursor


def read_frame(
    connection: SnowflakeConnection, sql: str, bindings: Bindings | None = None
) -> pd.DataFrame:
    """Run one query and give all its rows; column names as Snowflake has them, mostly upper case.

    Raises `SqlExecutionError`.
    """
    with connection.cursor() as cursor:
        _query(cursor, sql, bindings)
        return frame_from_arrow(cursor.fetch_arrow_all(force_return_table=True), cursor.description)


def read_batches(
    connection: SnowflakeConnection, sql: str, bindings: Bindings | None = None
) -> Iterator[pd.DataFrame]:
    """Run one query and give its rows in the chunks that Snowflake makes, one at a time."""
    for table in read_arrow(connection, sql, bindings):
        yield frame_of(table)


def read_arrow(
    connection: SnowflakeConnection, sql: str, bindings: Bindings | None = None
) -> Iterator[pa.Table]:
    """Run one query and give its rows as Arrow tables, one chunk at a time, at least one.

    An interruption cancels the query. Raises `SqlExecutionError`.
    """
    with connection.cursor() as cursor:
        _query(cursor, sql, bindings)
        some = False
        progress = Progress("Read", cursor.rowcount)
        for table in _chunks(cursor, sql):
            some = True
            progress.add(table.num_rows)
            yield declared_types(table, cursor.description)
        if not some:
            empty = cursor.fetch_arrow_all(force_return_table=True)
            yield declared_types(empty, cursor.description)


def _chunks(cursor: SnowflakeCursor, sql: str) -> Iterator[pa.Table]:
    """Download the result; the connector has repeated what fails here ten times already."""
    from snowflake.connector.errors import Error

    chunks = cursor.fetch_arrow_batches()
    while True:
        try:
            table = next(chunks, None)
        except Error as error:
            raise described(error, sql, "Reading the result of the query") from error
        except OSError as error:  # What requests raises is one.
            raise SqlExecutionError(
                f"The connection was lost while the result of query {cursor.sfqid} was read: "
                f"{error} Nothing was written; run this again.",
                query_id=cursor.sfqid,
            ) from error
        if table is None:
            return
        yield table


def _query(cursor: SnowflakeCursor, sql: str, bindings: Bindings | None) -> None:
    from snowflake.connector.errors import Error

    try:
        run_repeating(cursor, sql, bindings)
    except Error as error:
        raise described(error, sql, "Query") from error


def frame_from_arrow(table: pa.Table, description: list[ResultMetadata]) -> pd.DataFrame:
    """Make a frame of an Arrow result.

    NUMBER without decimals becomes int64 (Int64 where there are nulls, Decimal beyond 64 bits),
    NUMBER with decimals and FLOAT float64, BOOLEAN bool (boolean where there are nulls), DATE
    datetime.date, TIMESTAMP datetime64[ns]; all else as Arrow converts it.
    """
    return frame_of(declared_types(table, description))


def declared_types(table: pa.Table, description: list[ResultMetadata]) -> pa.Table:
    """Give each column of an Arrow result the type of its declaration, see `frame_from_arrow`."""
    import pyarrow as pa

    return pa.table(
        [_typed(table.column(index), column) for index, column in enumerate(description)],
        names=[column.name for column in description],
    )


def _typed(values: pa.ChunkedArray, column: ResultMetadata) -> pa.ChunkedArray:
    import pyarrow as pa
    from snowflake.connector.constants import FIELD_ID_TO_NAME

    kind = FIELD_ID_TO_NAME[column.type_code]
    if kind == "FIXED" and not column.scale:
        return values.cast(pa.int64()) if _fits_64_bits(values) else values
    if kind in ("FIXED", "REAL"):
        return values.cast(pa.float64(), safe=False)
    return values


def _fits_64_bits(values: pa.ChunkedArray) -> bool:
    import pyarrow as pa
    import pyarrow.compute as pc

    if not pa.types.is_decimal(values.type):
        return True
    extremes = pc.min_max(values).as_py()
    return extremes["min"] is None or (extremes["min"] >= -(2**63) and extremes["max"] < 2**63)
