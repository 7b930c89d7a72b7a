"""Results as frames: types follow the column's declaration, not the values."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pandas as pd
import pyarrow as pa
import pytest
from snowflake.connector.constants import FIELD_NAME_TO_ID
from snowflake.connector.cursor import ResultMetadata

from runtime.snowflake import read_batches, read_frame
from runtime.snowflake.errors import SqlExecutionError
from runtime.snowflake.reader import frame_from_arrow

if TYPE_CHECKING:
    from snowflake.connector import SnowflakeConnection

TYPED = """
    SELECT {a}::NUMBER(38, 0) a, {b}::NUMBER(10, 2) b, {c}::FLOAT c, {d}::VARCHAR d, {e}::DATE e,
        {f}::TIMESTAMP_NTZ f, {g}::BOOLEAN g
"""
VALUES = {
    "a": "7",
    "b": "1.5",
    "c": "2.25",
    "d": "'x'",
    "e": "'2024-01-02'",
    "f": "'2024-01-02 03:04:05.678'",
    "g": "TRUE",
}


def dtypes(frame: pd.DataFrame) -> list[str]:
    return [str(dtype) for dtype in frame.dtypes]


def test_types_and_values(connection: SnowflakeConnection) -> None:
    frame = read_frame(connection, TYPED.format(**VALUES))
    assert list(frame.columns) == list("ABCDEFG")
    assert dtypes(frame) == [
        "int64",
        "float64",
        "float64",
        "object",
        "object",
        "datetime64[ns]",
        "bool",
    ]
    assert frame.iloc[0].tolist() == [
        7,
        1.5,
        2.25,
        "x",
        dt.date(2024, 1, 2),
        pd.Timestamp("2024-01-02 03:04:05.678"),
        True,
    ]


def test_types_with_nulls(connection: SnowflakeConnection) -> None:
    nulls = dict.fromkeys(VALUES, "NULL")
    frame = read_frame(
        connection, f"{TYPED.format(**VALUES)} UNION ALL {TYPED.format(**nulls)} ORDER BY a"
    )
    assert dtypes(frame) == [
        "Int64",
        "float64",
        "float64",
        "object",
        "object",
        "datetime64[ns]",
        "boolean",
    ]
    assert frame.iloc[1].isna().all()


def test_types_without_rows(connection: SnowflakeConnection) -> None:
    frame = read_frame(connection, f"SELECT * FROM ({TYPED.format(**VALUES)}) WHERE 1 = 0")
    assert len(frame) == 0
    assert dtypes(frame) == [
        "int64",
        "float64",
        "float64",
        "object",
        "object",
        "datetime64[ns]",
        "bool",
    ]


def test_columns_of_one_name_are_kept(connection: SnowflakeConnection) -> None:
    frame = read_frame(connection, "SELECT 1 AS a, 2 AS a")
    assert frame.to_numpy().tolist() == [[1, 2]]


def test_bindings(connection: SnowflakeConnection) -> None:
    frame = read_frame(connection, "SELECT %(a)s AS a", {"a": "x'y"})
    assert frame["A"].tolist() == ["x'y"]


def test_batches_hold_all_rows(connection: SnowflakeConnection) -> None:
    sql = "SELECT SEQ4() AS n FROM TABLE(GENERATOR(ROWCOUNT => 120000))"
    batches = list(read_batches(connection, sql))
    assert sum(len(batch) for batch in batches) == 120_000
    assert {str(batch["N"].dtype) for batch in batches} == {"int64"}


def test_a_failing_query_says_so(connection: SnowflakeConnection) -> None:
    with pytest.raises(SqlExecutionError, match="Query failed: .*NOWHERE"):
        read_frame(connection, "SELECT * FROM nowhere")


def column(kind: str, scale: int | None = None) -> ResultMetadata:
    return ResultMetadata("X", FIELD_NAME_TO_ID[kind], None, None, None, scale, True)


@pytest.mark.parametrize(
    ("values", "described", "dtype", "expected"),
    [
        pytest.param(
            pa.array([1, 2], pa.int8()), column("FIXED", 0), "int64", [1, 2], id="small integers"
        ),
        pytest.param(
            pa.array([Decimal(2**62), None], pa.decimal128(38, 0)),
            column("FIXED", 0),
            "Int64",
            [2**62, pd.NA],
            id="no detour over floats",
        ),
        pytest.param(
            pa.array([Decimal(2**63)], pa.decimal128(38, 0)),
            column("FIXED", 0),
            "object",
            [Decimal(2**63)],
            id="beyond 64 bits",
        ),
        pytest.param(
            pa.array([None], pa.decimal128(38, 0)),
            column("FIXED", 0),
            "Int64",
            [pd.NA],
            id="only null",
        ),
        pytest.param(
            pa.array([Decimal("0.10")], pa.decimal128(38, 2)),
            column("FIXED", 2),
            "float64",
            [0.1],
            id="decimals",
        ),
        pytest.param(pa.array([1.5], pa.float32()), column("REAL"), "float64", [1.5], id="float32"),
    ],
)
def test_what_snowflake_may_send(
    values: pa.Array, described: ResultMetadata, dtype: str, expected: list[Any]
) -> None:
    frame = frame_from_arrow(pa.table({"X": values}), [described])
    assert dtypes(frame) == [dtype]
    assert frame["X"].tolist() == expected
