"""Batch inference, last step: predictions into Snowflake."""

from __future__ import annotations

import logging

import pandas as pd
from pydantic import JsonValue
from zenml import log_metadata, step

from runtime.context import current_run, task_id
from runtime.snowflake import WriteMode, write_frame
from runtime.steps.session import snowflake_session
from runtime.tables import Table
from runtime.templates import render

logger = logging.getLogger(__name__)


@step(enable_cache=False)
def write_predictions(
    predictions: pd.DataFrame | Table,
    table: str,
    mode: WriteMode = "append",
    keys: list[str] | None = None,
    partition: dict[str, JsonValue] | None = None,
    connection: str = "snowflake_default",
    timeout_seconds: float | None = None,
) -> int:
    """Write all rows into an existing table, or none, and return their number.

    The modes are those of `runtime.snowflake.write_frame`. `partition` gives columns and the value
    that they have in all rows, e.g. `{"RUN_DATE": "{{ ds }}"}`; with it, `append` replaces the rows
    of the partition, so that a repetition of the step or of the run adds none.
    """
    run, task = current_run(), task_id()
    table, keys, partition, connection = render((table, keys, partition, connection), run, task)
    if mode == "append":
        if partition:
            mode = "overwrite_partition"
        else:
            logger.warning(
                "Rows are appended to %s without a partition: a repetition adds them again.", table
            )
    with snowflake_session(connection, run, task, timeout_seconds=timeout_seconds) as session:
        result = write_frame(session, predictions, table, mode=mode, keys=keys, partition=partition)
    log_metadata({"rows": result.rows, "table": result.table, "mode": result.mode})
    return result.rows
