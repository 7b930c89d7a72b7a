"""Batch prediction: batches, rows that cannot be predicted, and the figures of a run."""

from __future__ import annotations

from runtime.prediction.batch import PredictionError, Predictions, predict_batch
from runtime.prediction.figures import Figures, summarize
from runtime.prediction.plan import Postprocess, PredictionPlan
from runtime.prediction.stream import Quarantine, predict_frame, predict_stream

__all__ = [
    "Figures",
    "Postprocess",
    "PredictionError",
    "PredictionPlan",
    "Predictions",
    "Quarantine",
    "predict_batch",
    "predict_frame",
    "predict_stream",
    "summarize",
]
