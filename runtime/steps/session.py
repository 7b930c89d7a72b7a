"""The Snowflake session of a step."""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

from runtime.config import load_config
from runtime.snowflake import connect
from runtime.timeouts import time_limit

if TYPE_CHECKING:
    from snowflake.connector import SnowflakeConnection

    from runtime.context import RunContext


@contextmanager
def snowflake_session(
    connection: str,
    run: RunContext,
    task: str,
    *,
    timeout_seconds: float | None = None,
    overrides: Mapping[str, str | None] | None = None,
    autocommit: bool = True,
) -> Iterator[SnowflakeConnection]:
    """Open a session by Airflow's connection id; the block may take `timeout_seconds`.

    `overrides` are fields of `ConnectionConfig`, None keeps the configured value. The query tag
    names DAG, task and run, by which the queries are found in Snowflake's history. Past the
    timeout, Snowflake cancels its statement as well.
    """
    # Not within the time limit: an import that is interrupted stays broken for the whole process.
    importlib.import_module("snowflake.connector")
    changes = {key: value for key, value in (overrides or {}).items() if value is not None}
    config = load_config().connection(connection).model_copy(update=changes)
    with (
        time_limit(timeout_seconds),
        connect(
            config,
            query_tag=f"{run.dag_id}/{task}/{run.run_id}",
            autocommit=autocommit,
            statement_timeout_seconds=timeout_seconds,
        ) as session,
    ):
        yield session
