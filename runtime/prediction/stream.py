"""Predict batch after batch, here or in several processes."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from multiprocessing import get_context
from typing import TYPE_CHECKING, Any

from runtime.models import LoadedModel, ModelReference, load_referenced_model
from runtime.prediction.batch import PredictionError, Predictions, predict_batch
from runtime.prediction.plan import Postprocess, PredictionPlan

if TYPE_CHECKING:
    import pandas as pd

    from runtime.config import MlflowConfig

logger = logging.getLogger(__name__)

_worker: tuple[LoadedModel, PredictionPlan] | None = None


@dataclass
class Quarantine:
    """The rows that could not be predicted, and how many there may be.

    `limit` is a share of all rows. `MINIMUM_ROWS` rows are looked at before the share counts.
    """

    limit: float = 0.01
    rows: int = 0
    batches: list[pd.DataFrame] = field(default_factory=list)

    MINIMUM_ROWS = 1000

    def add(self, predictions: Predictions) -> None:
        """Count a batch. Raises `PredictionError` past the limit."""
        rejected = predictions.rejected
        self.rows += len(predictions.frame) + len(rejected)
        if len(rejected):
            self.batches.append(rejected)
        if self.rows >= self.MINIMUM_ROWS:
            self.check()

    def __len__(self) -> int:
        """The number of rows in quarantine."""
        return sum(len(batch) for batch in self.batches)

    def check(self) -> None:
        """Raise `PredictionError` where too many rows of those seen are here."""
        if self.batches and len(self) > self.limit * self.rows:
            first = self.batches[0].iloc[0]
            raise PredictionError(
                f"{len(self)} of {self.rows} rows cannot be predicted, more than the share of "
                f"{self.limit:g} that is allowed. The first is row {first['ROW_NUMBER']}: "
                f"{first['REASON']}"
            )

    def frame(self) -> pd.DataFrame:
        """All rows in quarantine: `ROW_NUMBER`, `REASON`, `FEATURES`."""
        import pandas as pd

        empty = pd.DataFrame({"ROW_NUMBER": [], "REASON": [], "FEATURES": []})
        return pd.concat(self.batches, ignore_index=True) if self.batches else empty


def predict_stream(
    model: LoadedModel,
    frames: Iterable[pd.DataFrame],
    plan: PredictionPlan,
    *,
    processes: int = 1,
    config: MlflowConfig | None = None,
) -> Iterator[Predictions]:
    """Predict frames in batches of the plan's size, and give the batches in order.

    With several `processes`, each loads the model by its reference from the registry of `config`;
    a few batches are in memory at a time. Raises what `predict_batch` raises.
    """
    batches = _batches(frames, plan.batch_size)
    if processes == 1:
        for start, batch in batches:
            yield predict_batch(model, batch, plan, start)
        return
    if config is None:
        raise ValueError("Several processes load the model themselves: they need `config`.")
    begin = partial(_begin, model.lineage, config, plan)
    with ProcessPoolExecutor(processes, get_context("spawn"), initializer=begin) as pool:
        yield from _in_order(
            (partial(pool.submit, _work, start, batch) for start, batch in batches), 2 * processes
        )


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
    """Predict every row of one frame, in its order, see `PredictionPlan` and `predict_batch`."""
    import pandas as pd

    plan = PredictionPlan(
        batch_size, tuple(keep), output, postprocess or Postprocess(), constants or {}
    )
    found = [predictions.frame for predictions in predict_stream(model, [frame], plan)]
    return pd.concat(found, ignore_index=True) if len(found) > 1 else found[0]


def _batches(frames: Iterable[pd.DataFrame], size: int) -> Iterator[tuple[int, pd.DataFrame]]:
    """Number the first row of each batch; frames without rows keep their columns, once."""
    start = 0
    empty: pd.DataFrame | None = None
    for frame in frames:
        empty = frame if empty is None else empty
        for first in range(0, len(frame), size):
            batch = frame.iloc[first : first + size]
            yield start, batch
            start += len(batch)
    if start == 0 and empty is not None:
        logger.warning("There are no rows to predict.")
        yield 0, empty


def _in_order(
    submit: Iterable[Callable[[], Future[Predictions]]], ahead: int
) -> Iterator[Predictions]:
    waiting: deque[Future[Predictions]] = deque()
    try:
        for start in submit:
            waiting.append(start())
            if len(waiting) > ahead:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        for future in waiting:
            future.cancel()


def _begin(reference: ModelReference, config: MlflowConfig, plan: PredictionPlan) -> None:
    global _worker
    _worker = load_referenced_model(reference, config), plan


def _work(start: int, batch: pd.DataFrame) -> Predictions:
    assert _worker is not None
    model, plan = _worker
    return predict_batch(model, batch, plan, start)
