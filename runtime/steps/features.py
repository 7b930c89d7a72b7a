"""Batch inference, first step: features from Snowflake."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import TYPE_CHECKING

import pandas as pd
from pydantic import JsonValue
from zenml import log_metadata, step

from runtime.context import current_run, task_id
from runtime.snowflake import read_arrow
from runtime.snowflake.errors import SqlExecutionError
from runtime.sql_library import SqlLibrary
from runtime.steps.session import snowflake_session
from runtime.tables import Table, frame_of, table_from
from runtime.templates import render

if TYPE_CHECKING:
    import pyarrow as pa

FRAME_ROWS = 100_000
"""A result of at most so many rows is a DataFrame, a larger one a `Table` in files."""


@step(enable_cache=False)
def load_features(
    query: str,
    parameters: dict[str, JsonValue] | None = None,
    connection: str = "snowflake_default",
    timeout_seconds: float | None = None,
) -> pd.DataFrame | Table:
    """Run one query and return its rows, one per entity to predict.

    `query` is a file of the query library (`*.sql`) or SQL text, a template either way, which sees
    `parameters` as `params`. Column types are those of `runtime.snowflake.reader`. Many rows go to
    files batch by batch and are read in the same way, in constant memory; a step whose input is
    declared as `pd.DataFrame` gets a DataFrame in any case.
    """
    run, task = current_run(), task_id()
    parameters, connection = render((parameters, connection), run, task)
    sql = SqlLibrary().render(query, run, parameters, task_id=task).text
    with snowflake_session(connection, run, task, timeout_seconds=timeout_seconds) as session:
        rows = frame_or_table(read_arrow(session, sql))
    log_metadata({"rows": len(rows), "columns": [str(column) for column in rows.columns]})
    return rows


def frame_or_table(batches: Iterator[pa.Table]) -> pd.DataFrame | Table:
    """Collect at least one batch: few rows in memory, many in files."""
    import pyarrow as pa

    held: list[pa.Table] = []
    for batch in batches:
        if not held:
            _refuse_twice(batch.column_names)
        held.append(batch)
        if sum(len(table) for table in held) > FRAME_ROWS:
            return table_from(chain(held, batches))
    return frame_of(pa.concat_tables(held, promote_options="permissive"))


def _refuse_twice(names: list[str]) -> None:
    """Raise `SqlExecutionError` for columns of one name, which neither files nor models tell apart."""
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise SqlExecutionError(
            f"The query gives the column {', '.join(twice)} more than once. Name each of them by AS."
        )
