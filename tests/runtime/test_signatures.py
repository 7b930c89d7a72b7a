"""Features get the types of the model's signature, or are refused."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pytest
from mlflow.models import ModelSignature
from mlflow.types import ColSpec, DataType, Schema, TensorSpec

from runtime.signatures import SignatureError, fit_to_signature


def signature(required: bool = True, **types: DataType) -> ModelSignature:
    return ModelSignature(
        inputs=Schema([ColSpec(kind, name, required=required) for name, kind in types.items()])
    )


@pytest.mark.parametrize(
    ("values", "kind", "dtype", "expected"),
    [
        ([1, 2], DataType.long, "int64", [1, 2]),
        (np.array([1, 2], "int8"), DataType.long, "int64", [1, 2]),
        ([1.0, 2.0], DataType.long, "int64", [1, 2]),
        ([Decimal("1"), Decimal("2.00")], DataType.long, "int64", [1, 2]),
        (pd.array([1, 2], "Int64"), DataType.long, "int64", [1, 2]),
        ([1, 2], DataType.integer, "int32", [1, 2]),
        ([True, False], DataType.long, "int64", [1, 0]),
        ([1, 2], DataType.double, "float64", [1.0, 2.0]),
        ([Decimal("1.5"), None], DataType.double, "float64", [1.5, np.nan]),
        (pd.array([1, None], "Int64"), DataType.double, "float64", [1.0, np.nan]),
        ([1.5, None], DataType.float, "float32", [1.5, np.nan]),
        ([0, 1], DataType.boolean, "bool", [False, True]),
        (pd.array([True, False], "boolean"), DataType.boolean, "bool", [True, False]),
        (["a", None], DataType.string, "object", ["a", None]),
        (pd.Categorical(["a", "b"]), DataType.string, "object", ["a", "b"]),
        ([2**53, -(2**60)], DataType.double, "float64", [2.0**53, -(2.0**60)]),
        ([np.inf, 1.0], DataType.float, "float32", [np.inf, 1.0]),
    ],
)
def test_casts(values: Any, kind: DataType, dtype: str, expected: list[Any]) -> None:
    fitted = fit_to_signature(pd.DataFrame({"X": values}), signature(X=kind))
    assert str(fitted["X"].dtype) == dtype
    pd.testing.assert_series_equal(fitted["X"], pd.Series(expected, name="X"), check_dtype=False)


def test_dates_become_timestamps() -> None:
    frame = pd.DataFrame({"X": [dt.date(2024, 1, 2)]})
    fitted = fit_to_signature(frame, signature(X=DataType.datetime))
    assert fitted["X"].tolist() == [pd.Timestamp("2024-01-02")]


@pytest.mark.parametrize(
    ("values", "kind", "message"),
    [
        ([2**53, 2**53 + 1], DataType.double, "9007199254740993 has more digits than a float"),
        (pd.array([2**53 + 1, None], "Int64"), DataType.double, "more digits than a float"),
        ([1e300, 1.0], DataType.float, "1e+300 is beyond its range"),
        ([20240101], DataType.datetime, "numbers, whose unit nobody knows"),
        ([1.5, 2.0], DataType.long, "1.5 is not such a whole number"),
        ([Decimal("1.5")], DataType.long, "not such a whole number"),
        ([1.0, None], DataType.long, "1 values are null"),
        (pd.array([1, None], "Int64"), DataType.long, "1 values are null"),
        ([2**40], DataType.integer, "not such a whole number"),
        ([Decimal(2**70)], DataType.long, "Column X"),
        (["7"], DataType.long, "not such a whole number"),
        (["x"], DataType.long, "invalid literal"),
        (["7"], DataType.double, "it holds text"),
        ([[1]], DataType.double, "Column X"),
        ([0, 2], DataType.boolean, "more than true and false"),
        (["a", 1], DataType.string, "more than text"),
        (["soon"], DataType.datetime, "Column X"),
        ([b"x"], DataType.binary, "type binary is not supported"),
    ],
)
def test_a_lossy_cast_is_refused(values: Any, kind: DataType, message: str) -> None:
    with pytest.raises(SignatureError, match="Column X.*") as caught:
        fit_to_signature(pd.DataFrame({"X": values}), signature(X=kind))
    assert message in str(caught.value)


def test_columns_are_selected_and_ordered_by_name() -> None:
    frame = pd.DataFrame({"OTHER": [0], "B": [1], "a": [2]}, index=[7])
    fitted = fit_to_signature(frame, signature(a=DataType.long, b=DataType.long))
    assert fitted.to_dict("index") == {7: {"a": 2, "b": 1}}
    assert list(fitted.columns) == ["a", "b"]


def test_a_missing_column_is_named() -> None:
    frame = pd.DataFrame({"A": [1], "BBB": [1]})
    with pytest.raises(SignatureError, match="needs the column bb, C, .* They have: A, BBB"):
        fit_to_signature(frame, signature(A=DataType.long, bb=DataType.long, C=DataType.long))


def test_an_optional_column_may_be_missing() -> None:
    frame = pd.DataFrame({"A": [1]})
    fitted = fit_to_signature(frame, signature(required=False, A=DataType.long, B=DataType.long))
    assert list(fitted.columns) == ["A"]


def test_tensors_have_no_columns() -> None:
    tensor = ModelSignature(inputs=Schema([TensorSpec(np.dtype("float64"), (-1, 2))]))
    with pytest.raises(SignatureError, match="names no columns"):
        fit_to_signature(pd.DataFrame({"A": [1]}), tensor)


@pytest.mark.parametrize("names", [["A", "A"], ["aA", "Aa"]])
def test_two_columns_of_the_name_are_told(names: list[str]) -> None:
    name = "A" if names[0] == "A" else "aa"
    with pytest.raises(SignatureError, match=f"needs the column {name}, .* have 2 of that name"):
        fit_to_signature(pd.DataFrame([[1, 2]], columns=names), signature(**{name: DataType.long}))
