"""Gives a frame the columns and types of a model's signature, without losing a value.

MLflow refuses a float for a long and a Decimal for a double, but Snowflake sends NUMBER in
whatever type suits the values: https://mlflow.org/docs/latest/ml/model/signatures/
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from runtime.exceptions import PipelineRuntimeError

if TYPE_CHECKING:
    import pandas as pd
    from mlflow.models import ModelSignature


_EXACT = 2**53
"""Up to here every whole number is a float64."""


class SignatureError(PipelineRuntimeError):
    """The features do not fit the model; the message names the column."""


def fit_to_signature(frame: pd.DataFrame, signature: ModelSignature) -> pd.DataFrame:
    """Select, name and cast the columns that the model declares, in its order.

    Names match exactly or else regardless of case. Numbers may be int, float, Decimal or nullable;
    a cast that would change a value is refused. Raises `SignatureError`.
    """
    import pandas as pd

    inputs = signature.inputs
    if inputs is None or not inputs.has_input_names():
        raise SignatureError(
            "The model's signature names no columns. Log it with infer_signature(frame)."
        )
    wanted = {str(spec.name): spec for spec in inputs.inputs}
    found = {name: _find(name, frame.columns) for name in wanted}
    missing = [name for name, spec in wanted.items() if found[name] is None and spec.required]
    if missing:
        raise SignatureError(
            f"The model needs the column {', '.join(missing)}, which the features lack. "
            f"They have: {', '.join(map(str, frame.columns))}."
        )
    return pd.DataFrame(
        {
            name: _cast(frame[column], name, spec.type.name)
            for name, spec in wanted.items()
            if (column := found[name]) is not None
        },
        index=frame.index,
    )


def _find(name: str, columns: pd.Index[Any]) -> Any:
    matches = [column for column in columns if column == name] or [
        column for column in columns if str(column).upper() == name.upper()
    ]
    if len(matches) > 1:
        raise SignatureError(
            f"The model needs the column {name}, and the features have {len(matches)} of that name: "
            f"{', '.join(map(str, matches))}. Give them different names in the query (AS)."
        )
    return matches[0] if matches else None


def _cast(values: pd.Series[Any], name: str, kind: str) -> pd.Series[Any]:
    cast = _CASTS.get(kind)
    if cast is None:
        raise SignatureError(f"Column {name}: the model's type {kind} is not supported here.")
    try:
        return cast(values)
    except (ValueError, TypeError, OverflowError, ArithmeticError) as error:
        raise SignatureError(
            f"Column {name} ({values.dtype}) cannot become the model's {kind}: {error}"
        ) from error


def _to_integer(dtype: str) -> Callable[[pd.Series[Any]], pd.Series[Any]]:
    def cast(values: pd.Series[Any]) -> pd.Series[Any]:
        nulls = int(values.isna().sum())
        if nulls:
            raise ValueError(f"{nulls} values are null, and an integer has no null")
        integers = values.map(int) if values.dtype == object else values
        fitted = _astype(integers, dtype)
        changed = fitted.ne(values)
        if changed.any():
            raise ValueError(f"{values[changed].iloc[0]} is not such a whole number")
        return fitted

    return cast


def _to_float(dtype: str) -> Callable[[pd.Series[Any]], pd.Series[Any]]:
    def cast(values: pd.Series[Any]) -> pd.Series[Any]:
        import numpy as np

        if _may_hold_text(values) and values.map(lambda value: isinstance(value, str)).any():
            raise ValueError("it holds text")
        numbers = values.astype("Float64" if _is_nullable(values) else "float64")
        _refuse_rounded(values, numbers)
        with np.errstate(over="ignore"):
            fitted = _astype(numbers, dtype)
        overflown = np.isinf(fitted.to_numpy()) & np.isfinite(_astype(numbers, "float64"))
        if overflown.any():
            raise ValueError(f"{values[overflown].iloc[0]} is beyond its range")
        return fitted

    return cast


def _refuse_rounded(values: pd.Series[Any], numbers: pd.Series[Any]) -> None:
    """Raise `ValueError` for a whole number that no float holds, such as a long identifier."""
    import pandas as pd

    if not pd.api.types.is_integer_dtype(values.dtype):
        return
    large = (numbers.abs() >= _EXACT).fillna(False).astype(bool)
    for value, number in zip(values[large], numbers[large], strict=True):
        if int(value) != int(number):
            raise ValueError(f"{value} has more digits than a float holds")


def _astype(values: pd.Series[Any], dtype: str) -> pd.Series[Any]:
    import numpy as np

    return values.astype(np.dtype(dtype))


def _may_hold_text(values: pd.Series[Any]) -> bool:
    """Whether cells must be looked at one by one, which takes longer than the prediction."""
    import pandas as pd

    return not pd.api.types.is_numeric_dtype(values.dtype)


def _is_nullable(values: pd.Series[Any]) -> bool:
    import pandas as pd

    return isinstance(values.dtype, pd.api.extensions.ExtensionDtype)


def _to_boolean(values: pd.Series[Any]) -> pd.Series[Any]:
    if not values.isin([True, False]).all():
        raise ValueError("it holds more than true and false")
    return values.astype("bool")


def _to_string(values: pd.Series[Any]) -> pd.Series[Any]:
    import pandas as pd

    if isinstance(values.dtype, pd.CategoricalDtype):
        values = values.astype(object)
    if pd.api.types.infer_dtype(values, skipna=True) not in ("string", "empty"):
        raise ValueError("it holds more than text")
    return values.astype(object)


def _to_datetime(values: pd.Series[Any]) -> pd.Series[Any]:
    import pandas as pd

    if pd.api.types.is_numeric_dtype(values.dtype):
        raise ValueError("it holds numbers, whose unit nobody knows; make dates in the query")
    return pd.to_datetime(values)


_CASTS: dict[str, Callable[[pd.Series[Any]], pd.Series[Any]]] = {
    "long": _to_integer("int64"),
    "integer": _to_integer("int32"),
    "double": _to_float("float64"),
    "float": _to_float("float32"),
    "boolean": _to_boolean,
    "string": _to_string,
    "datetime": _to_datetime,
}
