"""Frames are checked before anything is sent."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest

from runtime.snowflake.errors import WriteError
from runtime.snowflake.frames import (
    canonical,
    check_keys,
    fit_columns,
    resolve_columns,
    set_partition,
    to_arrow,
)

TYPES = {"RUN_DATE": "DATE", "N": "FIXED", "NAME": "TEXT", "name": "TEXT", "AT": "TIMESTAMP_NTZ"}
COLUMNS = list(TYPES)


def test_columns_match_exactly_or_regardless_of_case() -> None:
    frame = pd.DataFrame({"n": [1], "name": ["a"], "NAME": ["b"], "Run_Date": ["2024-01-01"]})
    assert list(fit_columns(frame, COLUMNS, "T").columns) == ["N", "name", "NAME", "RUN_DATE"]


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        pytest.param(["run_dat"], "T has no column run_dat.*Did you mean RUN_DATE", id="typo"),
        pytest.param(["zzzzz"], r"its columns: RUN_DATE, N, NAME, name, AT\.$", id="no hint"),
        pytest.param(["Name"], "no column Name", id="ambiguous"),
        pytest.param(["n", "N"], "column N more than once", id="twice"),
    ],
)
def test_columns_that_do_not_fit(columns: list[str], message: str) -> None:
    with pytest.raises(WriteError, match=message):
        fit_columns(pd.DataFrame([[1] * len(columns)], columns=columns), COLUMNS, "T")


def test_resolve_columns() -> None:
    assert resolve_columns(["n", "name"], COLUMNS, "T", "Key") == ["N", "name"]
    with pytest.raises(WriteError, match="Key x, y: no such column for T; there are RUN_DATE, N"):
        resolve_columns(["x", "n", "y"], COLUMNS, "T", "Key")


@pytest.mark.parametrize(
    ("value", "kind", "expected"),
    [
        ("2024-06-01", "DATE", dt.date(2024, 6, 1)),
        (dt.datetime(2024, 6, 1), "DATE", dt.date(2024, 6, 1)),
        (dt.date(2024, 6, 1), "DATE", dt.date(2024, 6, 1)),
        ("6", "FIXED", 6),
        (6.0, "FIXED", 6),
        ("1.5", "FIXED", Decimal("1.5")),
        ("x", "TEXT", "x"),
    ],
)
def test_canonical(value: Any, kind: str, expected: Any) -> None:
    assert canonical(value, kind) == expected


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("June", "DATE"),
        (dt.datetime(2024, 6, 1, 5), "DATE"),
        ("six", "FIXED"),
        ("nan", "FIXED"),
    ],
)
def test_canonical_refuses_other_types(value: Any, kind: str) -> None:
    with pytest.raises(WriteError, match="is no value for a column of type"):
        canonical(value, kind)


def test_the_partition_becomes_columns() -> None:
    frame = set_partition(
        pd.DataFrame({"N": ["6", 6.0]}), {"N": 6, "RUN_DATE": dt.date(2024, 1, 1)}, TYPES, "T"
    )
    assert frame.to_dict("list") == {"N": [6, 6], "RUN_DATE": [dt.date(2024, 1, 1)] * 2}


def test_rows_of_another_partition_are_refused() -> None:
    with pytest.raises(
        WriteError, match="1 rows for T have another N than the partition's 6, e.g. 7"
    ):
        set_partition(pd.DataFrame({"N": [6, 7]}), {"N": 6}, TYPES, "T")


def test_an_empty_frame_has_no_foreign_rows() -> None:
    assert len(set_partition(pd.DataFrame({"N": []}), {"N": 6}, TYPES, "T")) == 0


@pytest.mark.parametrize(
    ("frame", "message"),
    [
        ({"N": [1, 1, 2], "NAME": ["a", "a", "a"]}, r"2 rows for T share a key \(N, NAME\)"),
        ({"N": [1, None], "NAME": ["a", "b"]}, "1 rows for T have no value in the key N, NAME"),
        ({"N": [1]}, "lacks the key column NAME"),
    ],
)
def test_keys(frame: dict[str, Any], message: str) -> None:
    with pytest.raises(WriteError, match=message):
        check_keys(pd.DataFrame(frame), ["N", "NAME"], "T")


def test_unique_keys_pass() -> None:
    check_keys(pd.DataFrame({"N": [1, 1], "NAME": ["a", "b"]}), ["N", "NAME"], "T")


def test_arrow_types() -> None:
    frame = pd.DataFrame(
        {
            "RUN_DATE": ["2024-01-01", None],
            "N": [1.5, float("nan")],
            "NAME": ["a", None],
            "AT": ["2024-01-01T02:03:04Z", None],
        }
    )
    table = to_arrow(frame, TYPES, "T")
    assert table.schema.field("RUN_DATE").type == pa.date32()
    assert table.column("N").to_pylist() == [1.5, None]
    assert pa.types.is_timestamp(table.schema.field("AT").type)
    assert [table.column(name).null_count for name in table.column_names] == [1, 1, 1, 1]


@pytest.mark.parametrize(
    ("column", "values"),
    [("NAME", ["a", 1]), ("RUN_DATE", ["01/02/2024"]), ("AT", ["soon"])],
)
def test_values_without_a_common_type_name_the_column(column: str, values: list[Any]) -> None:
    with pytest.raises(WriteError, match=f"Column {column} does not fit T"):
        to_arrow(pd.DataFrame({column: values}, dtype=object), TYPES, "T")
