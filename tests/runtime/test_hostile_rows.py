"""Rows that nobody planned for, from the model to the table: the real connector, real answers."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

from runtime.prediction import PredictionError, PredictionPlan, predict_batch
from runtime.snowflake import execute_sql, read_arrow, write_frame
from runtime.snowflake.errors import SqlExecutionError, WriteError
from runtime.steps.features import frame_or_table

if TYPE_CHECKING:
    from snowflake.connector import SnowflakeConnection

Query = Callable[[str], list[tuple[Any, ...]]]
NOON = dt.datetime(2024, 1, 1, 12)
UTC_NOON = NOON.replace(tzinfo=dt.timezone.utc)


@pytest.fixture
def made(connection: SnowflakeConnection) -> Callable[[str], None]:
    """Makes the table `w` of columns."""

    def make(columns: str) -> None:
        execute_sql(connection, f"CREATE TABLE w ({columns})")

    return make


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("NUMBER(38, 0)", [1.2, 1.4]),
        ("NUMBER(38, 0)", ["1", "01"]),
        ("TIMESTAMP_NTZ", pd.to_datetime([1, 2])),
    ],
)
def test_keys_that_become_one_in_the_table(
    connection: SnowflakeConnection, query: Query, made: Any, kind: str, values: Any
) -> None:
    made(f"id {kind}, v FLOAT")
    frame = pd.DataFrame({"ID": values, "V": [1.0, 2.0]})
    with pytest.raises(WriteError, match="2 rows share the key"):
        write_frame(connection, frame, "w", mode="merge", keys=["ID"])
    assert query("SELECT * FROM w") == []


@pytest.mark.parametrize(
    ("kind", "expected"),
    [("TIMESTAMP_NTZ", NOON), ("TIMESTAMP_TZ", UTC_NOON), ("TIMESTAMP_LTZ", UTC_NOON)],
)
@pytest.mark.parametrize("zone", [None, "Asia/Kolkata", "UTC"])
def test_times_are_utc_whatever_their_zone(
    connection: SnowflakeConnection, query: Query, made: Any, kind: str, expected: Any, zone: Any
) -> None:
    made(f"a {kind}")
    times = pd.Series([pd.Timestamp(UTC_NOON)])
    values = times.dt.tz_convert(zone) if zone else times.dt.tz_localize(None)
    write_frame(connection, pd.DataFrame({"A": values}), "w")
    ((found,),) = query("SELECT a FROM w")
    assert found == expected


@pytest.mark.parametrize("value", [None, float("nan"), {"a": 1}, [1]])
def test_a_partition_needs_a_value_to_be_found_by(
    connection: SnowflakeConnection, made: Any, value: Any
) -> None:
    made("id NUMBER, d VARCHAR")
    with pytest.raises(WriteError, match="cannot be a partition's value"):
        write_frame(
            connection,
            pd.DataFrame({"ID": [1]}),
            "w",
            mode="overwrite_partition",
            partition={"D": value},
        )


def test_a_partition_of_a_number_given_as_text(
    connection: SnowflakeConnection, query: Query, made: Any
) -> None:
    made("id NUMBER, d FLOAT")
    for _ in range(2):
        write_frame(
            connection,
            pd.DataFrame({"ID": [1]}),
            "w",
            mode="overwrite_partition",
            partition={"D": "0.5"},
        )
    assert query("SELECT * FROM w") == [(1, 0.5)]


@pytest.mark.parametrize(
    ("frame", "message"),
    [
        (pd.DataFrame(), "have no columns"),
        (pd.DataFrame({"A": [2**70, 1]}), "Column A does not fit w"),
        (pd.DataFrame({"A": [True, 2]}), "Column A does not fit w"),
        (pd.DataFrame({"A": ["\ud800"]}), "surrogates not allowed"),
        (pd.DataFrame([[1, 2]], columns=["A", "a"]), "the column A more than once"),
    ],
)
def test_what_cannot_be_sent_names_its_column(
    connection: SnowflakeConnection, query: Query, made: Any, frame: pd.DataFrame, message: str
) -> None:
    made("a NUMBER(38, 0)")
    with pytest.raises(WriteError, match=message):
        write_frame(connection, frame, "w")
    assert query("SELECT * FROM w") == []


def test_odd_values_arrive_as_they_are(
    connection: SnowflakeConnection, query: Query, made: Any
) -> None:
    made("n NUMBER(38, 0), d NUMBER(38, 10), f FLOAT, t VARCHAR")
    texts = ["", "NULL", "é'\"\\;--%s\n\U0001f600"]
    frame = pd.DataFrame(
        {
            "N": [2**53 + 1, -(2**62) - 1, 0],
            "D": [None, None, None],
            "F": [math.inf, -math.inf, -0.0],
            "T": texts,
        },
        index=[0, 0, 0],
    )
    write_frame(connection, frame, "w")
    rows = query("SELECT n, f, t FROM w")
    assert sorted(rows) == sorted(zip(frame["N"], frame["F"], texts, strict=True))


def test_columns_of_one_name_are_refused_where_they_are_read(
    connection: SnowflakeConnection,
) -> None:
    with pytest.raises(SqlExecutionError, match="gives the column A more than once. .* by AS"):
        frame_or_table(read_arrow(connection, "SELECT 1 AS a, 2 AS a"))


def test_no_row_and_one_row(connection: SnowflakeConnection) -> None:
    for rows in (0, 1):
        sql = f"SELECT 1 AS a, 'x' AS b WHERE 1 = {rows}"
        frame = frame_or_table(read_arrow(connection, sql))
        assert len(frame) == rows and list(frame.columns) == ["A", "B"]


def predict(answer: Callable[[pd.DataFrame], Any], **plan: Any) -> pd.DataFrame:
    """Predict three rows by a model that is a function."""
    model: Any = SimpleNamespace(
        model=SimpleNamespace(predict=answer),
        signature=None,
        lineage=SimpleNamespace(uri="models:/m/1"),
    )
    frame = pd.DataFrame({"ID": [1, 2, 3], "A": [1.0, 2.0, 3.0]})
    return predict_batch(model, frame, PredictionPlan(keep=("ID",), **plan), start=10).frame


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (lambda x: np.array(["1", "2", "3"]), "no numbers: they are of the type <U1"),
        (lambda x: np.array(["1", 2, 3], dtype=object), "no numbers: '1' is text"),
        (lambda x: x["A"] + 1j, "no numbers: .* complex128"),
        (lambda x: pd.to_datetime(["2024-01-01"] * 3), "no numbers: .* datetime64"),
        (lambda x: [[1], [1, 2], [3]], "rows of different lengths"),
        (lambda x: x["A"].where(x["A"] != 2), "no finite number for 1 rows, the first is row 11"),
        (lambda x: x["A"][:-1], r"shape \(2,\) for 3 rows"),
        (lambda x: x["A"][::-1], "in another order than its rows.*sort_index"),
        (lambda x: 1 / 0, "failed at the rows 10 to 12 .* ZeroDivisionError.*quarantine"),
    ],
)
def test_answers_that_are_no_predictions(answer: Any, message: str) -> None:
    with pytest.raises(PredictionError, match=message):
        predict(answer)


def test_an_answer_may_number_its_rows_anew() -> None:
    assert predict(lambda x: x["A"].set_axis([7, 8, 9]))["prediction"].tolist() == [1, 2, 3]


@pytest.mark.parametrize("error", [ConnectionError, TimeoutError, WriteError])
def test_failures_that_are_not_the_rows_keep_their_type(error: type[Exception]) -> None:
    def fail(_: pd.DataFrame) -> Any:
        raise error("gone")

    with pytest.raises(error, match="gone"):
        predict(fail)


@pytest.mark.parametrize(
    "plan",
    [
        {"output": "ID"},
        {"output": "P", "constants": {"P": 1}},
        {"output": "P", "rename": {"P": "ID"}},
    ],
)
def test_columns_of_one_name_are_refused_before_the_model(plan: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="more than once"):
        predict(lambda x: x["A"], **plan)
