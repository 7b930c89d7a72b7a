"""The lifetime values once more, by a pipeline that never was a DAG: a history, and today's scores."""

from __future__ import annotations

from datetime import datetime, timezone

from runtime.config import OutputConfig
from runtime.inference import BatchInferencePipeline, SnowflakeOutputWriter
from runtime.inference.components import BaseOutputWriter, Rows
from runtime.schedule import DagSchedule

SCHEDULE = DagSchedule(cron="0 4 * * *", start_date=datetime(2023, 7, 1, tzinfo=timezone.utc))
CURRENT = {"table": "ANALYTICS.PREDICTIONS.LTV_SCORES_BE_CURRENT", "mode": "merge", "partition": {}}


class HistoryAndCurrent(BaseOutputWriter):
    """Appends every day's scores to the history, and merges them into the current ones."""

    def __init__(self, history: OutputConfig) -> None:
        """Take the section `output`, which says where the history is."""
        self.history = history

    def write(self, predictions: Rows) -> int:
        """Write both; a repetition of the day changes neither."""
        rows = SnowflakeOutputWriter(self.history).write(predictions)
        SnowflakeOutputWriter(self.history.model_copy(update=CURRENT)).write(predictions)
        return rows


class LtvScores(BatchInferencePipeline):
    """Lifetime values of Belgian customers."""

    name = "ltv-be-scores"

    def writer(self) -> BaseOutputWriter:
        """Write twice."""
        return HistoryAndCurrent(self.config.output)


ltv_be_scores = LtvScores.build()
