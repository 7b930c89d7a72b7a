"""Features that are made in Python after the query."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from runtime.exceptions import PipelineRuntimeError

if TYPE_CHECKING:
    from datetime import date

    import pandas as pd


class FeatureError(PipelineRuntimeError):
    """A feature cannot be made of the columns there are."""


def convert_currency(
    frame: pd.DataFrame,
    amounts: Sequence[str],
    rates: Mapping[str, float],
    *,
    currency: str = "CURRENCY",
    to: str = "EUR",
) -> pd.DataFrame:
    """Convert the columns `amounts` of each row's `currency` into the currency `to`.

    `rates` has the value of one unit in `to`, e.g. `{"USD": 0.92}`; that of `to` is 1. The column
    of the currency becomes `to`. Raises `FeatureError` that names the currencies without a rate.
    """
    _need(frame, [*amounts, currency])
    known = {**rates, to: 1.0}
    unknown = sorted({str(code) for code in frame[currency].dropna().unique()} - known.keys())
    if unknown or frame[currency].isna().any():
        missing = unknown or ["(none given)"]
        raise FeatureError(
            f"There is no rate to {to} for the currency {', '.join(missing)} "
            f"(rates: {', '.join(sorted(known))})."
        )
    factor = frame[currency].map(known).astype("float64")
    changed = {name: frame[name].astype("float64") * factor for name in amounts}
    return frame.assign(**changed, **{currency: to})


def add_tenure(
    frame: pd.DataFrame, since: str, on: date, *, name: str = "TENURE_DAYS"
) -> pd.DataFrame:
    """Add the whole days between the date in the column `since` and `on`, not below 0.

    Rows without a date have none.
    """
    import pandas as pd

    _need(frame, [since])
    passed = pd.Timestamp(on) - pd.to_datetime(frame[since])
    return frame.assign(**{name: passed.dt.days.clip(lower=0).astype("Int64")})


def add_date_parts(frame: pd.DataFrame, column: str) -> pd.DataFrame:
    """Add year, month, day of the month, weekday (Monday is 0) and quarter of a date's column.

    They are named after it, e.g. `SINCE_MONTH`; rows without a date have none.
    """
    import pandas as pd

    _need(frame, [column])
    dates = pd.to_datetime(frame[column])
    parts = {
        "YEAR": dates.dt.year,
        "MONTH": dates.dt.month,
        "DAY": dates.dt.day,
        "WEEKDAY": dates.dt.weekday,
        "QUARTER": dates.dt.quarter,
    }
    return frame.assign(
        **{f"{column}_{part}": values.astype("Int64") for part, values in parts.items()}
    )


def _need(frame: pd.DataFrame, columns: Sequence[str]) -> None:
    missing = [column for column in columns if column not in frame.columns]
    if missing:
        raise FeatureError(
            f"The features lack the column {', '.join(missing)}; "
            f"they have: {', '.join(map(str, frame.columns))}."
        )
