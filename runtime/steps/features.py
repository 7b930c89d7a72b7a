"""Batch inference, first step: features from Snowflake."""

from __future__ import annotations

import pandas as pd
from pydantic import JsonValue
from zenml import log_metadata, step

from runtime.context import current_run, task_id
from runtime.snowflake import read_frame
from runtime.sql_library import SqlLibrary
from runtime.steps.session import snowflake_session
from runtime.templates import render


@step(enable_cache=False)
def load_features(
    query: str,
    parameters: dict[str, JsonValue] | None = None,
    connection: str = "snowflake_default",
    timeout_seconds: float | None = None,
) -> pd.DataFrame:
    """Run one query and return its rows, one per entity to predict.

    `query` is a file of the query library (`*.sql`) or SQL text, a template either way, which sees
    `parameters` as `params`. Column types are those of `runtime.snowflake.reader`.
    """
    run, task = current_run(), task_id()
    parameters, connection = render((parameters, connection), run, task)
    sql = SqlLibrary().render(query, run, parameters, task_id=task).text
    with snowflake_session(connection, run, task, timeout_seconds=timeout_seconds) as session:
        frame = read_frame(session, sql)
    log_metadata({"rows": len(frame), "columns": [str(column) for column in frame.columns]})
    return frame
