"""Reads query results as data frames with types that do not depend on the data.

Snowflake sends a NUMBER in the smallest type that holds the values of a chunk, so two runs of one
query can differ. Here the column's declaration decides, see `frame_from_arrow`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from runtime.snowflake.statements import Bindings, described, run_repeating

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
    with connection.cursor() as cursor:
        _query(cursor, sql, bindings)
        for table in cursor.fetch_arrow_batches():
            yield frame_from_arrow(table, cursor.description)


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
    import pandas as pd

    columns = {
        index: _series(table.column(index), column) for index, column in enumerate(description)
    }
    frame = pd.DataFrame(columns)
    frame.columns = pd.Index([column.name for column in description])
    return frame


def _series(values: pa.ChunkedArray, column: ResultMetadata) -> pd.Series[Any]:
    import pandas as pd
    import pyarrow as pa
    from snowflake.connector.constants import FIELD_ID_TO_NAME

    kind = FIELD_ID_TO_NAME[column.type_code]
    nullable: dict[pa.DataType, Any] = {}
    if kind == "FIXED" and not column.scale:
        if _fits_64_bits(values):
            values = values.cast(pa.int64())
        nullable[pa.int64()] = pd.Int64Dtype()
    elif kind in ("FIXED", "REAL"):
        values = values.cast(pa.float64(), safe=False)
    elif kind == "BOOLEAN":
        nullable[pa.bool_()] = pd.BooleanDtype()
    mapper = nullable.get if values.null_count else None
    series: pd.Series[Any] = values.to_pandas(types_mapper=mapper)
    return series


def _fits_64_bits(values: pa.ChunkedArray) -> bool:
    import pyarrow as pa
    import pyarrow.compute as pc

    if not pa.types.is_decimal(values.type):
        return True
    extremes = pc.min_max(values).as_py()
    return extremes["min"] is None or (extremes["min"] >= -(2**63) and extremes["max"] < 2**63)
