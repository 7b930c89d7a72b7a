"""Predict the rows of one batch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from runtime.exceptions import PipelineRuntimeError
from runtime.functions import load_function
from runtime.signatures import fit_to_signature

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd

    from runtime.models import LoadedModel
    from runtime.prediction.plan import PredictionPlan

REASON_LENGTH = 500


class PredictionError(PipelineRuntimeError):
    """The model gave no usable prediction for every row."""


@dataclass(frozen=True)
class Predictions:
    """A batch: its predictions in order, and the rows that could not be predicted.

    `rejected` has the columns `ROW_NUMBER` (from 0, among all features), `REASON`, `FEATURES` (the
    row as JSON).
    """

    frame: pd.DataFrame
    rejected: pd.DataFrame


def predict_batch(
    model: LoadedModel, frame: pd.DataFrame, plan: PredictionPlan, start: int = 0
) -> Predictions:
    """Predict every row of a frame; `start` is the number of its first row.

    The features get the types of the model's signature; without one, the model gets all columns
    but those to keep. With `on_error="quarantine"`, rows that the model cannot predict are left
    out and told apart, found by halving the batch. Raises `PredictionError`; a batch whose
    columns are wrong raises `SignatureError` in any case.
    """
    missing = [column for column in plan.keep if column not in frame.columns]
    if missing:
        raise PredictionError(
            f"The features lack the column {', '.join(missing)} to keep; "
            f"they have: {', '.join(map(str, frame.columns))}."
        )
    if plan.on_error == "fail":
        values = _values(model, _features(model, frame, plan), start)
        return Predictions(_shaped(frame, values, plan), _rejected(frame, {}, start))
    values, reasons = _isolate(model, frame, plan, start)
    good = [number for number in range(len(frame)) if number not in reasons]
    shaped = _shaped(frame.iloc[good], values[good], plan)
    return Predictions(shaped, _rejected(frame, reasons, start))


def _features(model: LoadedModel, frame: pd.DataFrame, plan: PredictionPlan) -> pd.DataFrame:
    if model.signature is None:
        return frame.drop(columns=list(plan.keep))
    return fit_to_signature(frame, model.signature)


def _isolate(
    model: LoadedModel, frame: pd.DataFrame, plan: PredictionPlan, start: int
) -> tuple[npt.NDArray[np.float64], dict[int, str]]:
    """The values of all rows that can be predicted, and the reasons of the others."""
    import numpy as np

    # Columns that are missing concern every row; that is an error of the query.
    _features(model, frame.iloc[:0], plan)
    values = np.full(len(frame), np.nan)
    reasons: dict[int, str] = {}
    pending = [(0, len(frame))] if len(frame) else []
    while pending:
        first, end = pending.pop()
        part = frame.iloc[first:end]
        try:
            answers = _answers(model, _features(model, part, plan))
        except (ConnectionError, TimeoutError, MemoryError):
            # Not the rows' fault: every other batch would fail as well.
            raise
        except Exception as error:
            # A model may raise anything about a row; the reason goes to quarantine with it.
            if end - first == 1:
                reasons[first] = f"{type(error).__name__}: {error}"[:REASON_LENGTH]
            else:
                middle = (first + end) // 2
                pending += [(middle, end), (first, middle)]
            continue
        values[first:end] = answers
        for number in np.flatnonzero(~np.isfinite(answers)):
            reasons[first + int(number)] = f"The model gave {answers[number]}."
    return values, reasons


def _answers(model: LoadedModel, features: pd.DataFrame) -> npt.NDArray[np.float64]:

    answer = model.model.predict(features)
    _check_order(answer, features, model)
    values = _array(answer)
    if values.shape not in ((len(features),), (len(features), 1)):
        raise PredictionError(
            f"Model {model.lineage.uri} gave an array of shape {values.shape} for {len(features)} "
            "rows; one number per row is needed."
        )
    try:
        return _numbers(values.reshape(-1))
    except (ValueError, TypeError) as error:
        raise PredictionError(f"Model {model.lineage.uri} gave no numbers: {error}") from error


def _check_order(answer: Any, features: pd.DataFrame, model: LoadedModel) -> None:
    import pandas as pd

    if not isinstance(answer, (pd.Series, pd.DataFrame)) or answer.index.equals(features.index):
        return
    if answer.index.sort_values().equals(features.index):
        raise PredictionError(
            f"Model {model.lineage.uri} gave its predictions in another order than its rows. "
            "Let it give them in the order of the features, e.g. by sort_index()."
        )


def _array(answer: Any) -> npt.NDArray[Any]:
    import numpy as np

    try:
        return np.asarray(answer)
    except ValueError as error:
        raise PredictionError(f"The model gave rows of different lengths: {error}") from error


def _numbers(values: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
    """Make floats of numbers; NumPy would make them of text, dates and complex numbers too."""
    import numpy as np

    if values.dtype.kind == "O":
        text = next((value for value in values if isinstance(value, (str, bytes))), None)
        if text is not None:
            raise ValueError(f"{text!r} is text")
    elif values.dtype.kind not in "biuf":
        raise ValueError(f"they are of the type {values.dtype}")
    return values.astype(np.float64)


def _values(model: LoadedModel, features: pd.DataFrame, start: int) -> npt.NDArray[np.float64]:
    import numpy as np

    if not len(features):
        return np.empty(0)
    try:
        numbers = _answers(model, features)
    except (PipelineRuntimeError, ConnectionError, TimeoutError, MemoryError):
        raise
    except Exception as error:
        # A model may raise anything about a row.
        raise PredictionError(
            f"Model {model.lineage.uri} failed at the rows {start} to {start + len(features) - 1} of "
            f"the features: {type(error).__name__}: {error} With `on_error: quarantine` rows that it "
            "cannot predict are set aside, each with its reason."
        ) from error
    unusable = ~np.isfinite(numbers)
    if unusable.any():
        first = start + int(np.argmax(unusable))
        raise PredictionError(
            f"Model {model.lineage.uri} gave no finite number for {int(unusable.sum())} rows, "
            f"the first is row {first} of the features."
        )
    return numbers


def _shaped(
    frame: pd.DataFrame, values: npt.NDArray[np.float64], plan: PredictionPlan
) -> pd.DataFrame:
    values = plan.postprocess.apply(values)
    kept = frame[list(plan.keep)]
    shaped = kept.assign(**{plan.output: values}, **plan.constants).reset_index(drop=True)
    if plan.function:
        shaped = _processed(shaped, plan.function)
    return shaped.rename(columns=dict(plan.rename))


def _processed(frame: pd.DataFrame, function: str) -> pd.DataFrame:
    import pandas as pd

    processed: Any = load_function(function)(frame)
    if not isinstance(processed, pd.DataFrame) or len(processed) != len(frame):
        kind = type(processed).__name__
        rows = f" of {len(processed)} rows" if isinstance(processed, pd.DataFrame) else ""
        raise PredictionError(
            f"{function} gave a {kind}{rows} for a DataFrame of {len(frame)} rows; "
            "it must give a DataFrame of as many."
        )
    return processed


def _rejected(frame: pd.DataFrame, reasons: dict[int, str], start: int) -> pd.DataFrame:
    import pandas as pd

    numbers = sorted(reasons)
    return pd.DataFrame(
        {
            "ROW_NUMBER": pd.array([start + number for number in numbers], dtype="int64"),
            "REASON": pd.Series([reasons[number] for number in numbers], dtype=object),
            "FEATURES": pd.Series(
                [frame.iloc[number].to_json(date_format="iso") for number in numbers], dtype=object
            ),
        }
    )
