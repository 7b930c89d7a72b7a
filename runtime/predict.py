"""Batch prediction over a data frame."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from runtime.exceptions import PipelineRuntimeError
from runtime.signatures import fit_to_signature

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd

    from runtime.models import LoadedModel

logger = logging.getLogger(__name__)


class PredictionError(PipelineRuntimeError):
    """The model gave no usable prediction for every row."""


@dataclass(frozen=True)
class Postprocess:
    """What happens to each prediction: not above `cap`, not below `floor`, rounded to digits."""

    cap: float | None = None
    floor: float | None = None
    round_to: int | None = None

    def __post_init__(self) -> None:
        """Refuse limits that contradict each other."""
        if self.cap is not None and self.floor is not None and self.cap < self.floor:
            raise ValueError(f"The cap {self.cap:g} is below the floor {self.floor:g}.")

    def apply(self, values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Apply to an array."""
        import numpy as np

        if self.cap is not None or self.floor is not None:
            values = np.clip(values, self.floor, self.cap)
        return values if self.round_to is None else np.round(values, self.round_to)


def predict_frame(
    model: LoadedModel,
    frame: pd.DataFrame,
    *,
    batch_size: int = 1000,
    keep: Sequence[str] = (),
    output: str = "prediction",
    postprocess: Postprocess | None = None,
    constants: Mapping[str, Any] | None = None,
) -> pd.DataFrame:
    """Predict every row, `batch_size` rows at a time.

    The result has the columns `keep` of the frame, the prediction as float64 in the column
    `output`, and `constants` as further columns; its rows are in the frame's order. The features
    get the types of the model's signature; without one, the model gets all columns but `keep`.
    Raises `SignatureError` and, for a prediction that is missing or not finite, `PredictionError`.
    """
    import numpy as np

    if batch_size < 1:
        raise ValueError(f"The batch size must be at least 1, not {batch_size}.")
    missing = [column for column in keep if column not in frame.columns]
    if missing:
        raise PredictionError(
            f"The features lack the column {', '.join(missing)} to keep; "
            f"they have: {', '.join(map(str, frame.columns))}."
        )
    signature = model.signature
    features = (
        frame.drop(columns=list(keep)) if signature is None else fit_to_signature(frame, signature)
    )
    batches = [
        _predict_batch(model, features.iloc[start : start + batch_size], start)
        for start in range(0, len(features), batch_size)
    ]
    if not batches:
        logger.warning("There are no rows to predict for model %s.", model.lineage.uri)
    values = np.concatenate(batches) if batches else np.empty(0)
    values = (postprocess or Postprocess()).apply(values)
    return frame[list(keep)].assign(**{output: values}, **(constants or {})).reset_index(drop=True)


def _predict_batch(model: LoadedModel, batch: pd.DataFrame, start: int) -> npt.NDArray[np.float64]:
    import numpy as np

    values = np.asarray(model.model.predict(batch))
    if values.shape not in ((len(batch),), (len(batch), 1)):
        raise PredictionError(
            f"Model {model.lineage.uri} gave an array of shape {values.shape} for {len(batch)} "
            "rows; one number per row is needed."
        )
    try:
        numbers = values.reshape(-1).astype(np.float64)
    except (ValueError, TypeError) as error:
        raise PredictionError(f"Model {model.lineage.uri} gave no numbers: {error}") from error
    unusable = ~np.isfinite(numbers)
    if unusable.any():
        first = start + int(np.argmax(unusable))
        raise PredictionError(
            f"Model {model.lineage.uri} gave no finite number for {int(unusable.sum())} rows, "
            f"the first is row {first} of the features."
        )
    return numbers


def summarize(values: pd.Series[Any]) -> dict[str, float]:
    """Give the figures of a column of predictions that are worth tracking from run to run."""
    figures = {"rows": float(len(values))}
    if len(values):
        figures |= {
            "prediction_mean": float(values.mean()),
            "prediction_std": float(values.std(ddof=0)),
            "prediction_min": float(values.min()),
            "prediction_max": float(values.max()),
        }
    return figures
