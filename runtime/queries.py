"""Ask a configured connection for rows, within a step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import JsonValue

from runtime.config import load_config
from runtime.context import current_run, task_id
from runtime.hooks import hook_of
from runtime.snowflake import execute_sql
from runtime.sql_library import SqlLibrary
from runtime.steps.session import snowflake_session
from runtime.templates import render
from runtime.timeouts import time_limit


@dataclass(frozen=True)
class Warehouse:
    """A connection by Airflow's id, with what differs from its configuration.

    Snowflake is asked in a session of its own, any other database by its hook in `runtime.hooks`.
    """

    connection: str = "snowflake_default"
    database: str | None = None
    schema_name: str | None = None
    warehouse: str | None = None
    role: str | None = None
    timeout_seconds: float | None = None

    def rows(
        self,
        sql: str,
        parameters: dict[str, JsonValue] | list[JsonValue] | None = None,
        params: Mapping[str, JsonValue] | None = None,
    ) -> list[tuple[Any, ...]]:
        """Run SQL (a file of the query library or text, a template either way) in a session of its
        own, and give the rows of the last statement, none for a statement without a result.
        """
        run, task = current_run(), task_id()
        text = SqlLibrary().render(sql, run, params, task_id=task).text
        settings = {
            "database": self.database,
            "schema_name": self.schema_name,
            "warehouse": self.warehouse,
            "role": self.role,
        }
        overrides, bindings, connection = render((settings, parameters, self.connection), run, task)
        if load_config().connection(connection).type != "snowflake":
            hook = hook_of(connection, overrides["database"])
            hook.driver_module  # noqa: B018
            with time_limit(self.timeout_seconds):
                return hook.get_records(text, bindings) or []
        with snowflake_session(
            connection, run, task, timeout_seconds=self.timeout_seconds, overrides=overrides
        ) as session:
            return execute_sql(session, text, bindings)[-1].rows

    def first_row(
        self,
        sql: str,
        parameters: dict[str, JsonValue] | list[JsonValue] | None = None,
        params: Mapping[str, JsonValue] | None = None,
    ) -> tuple[Any, ...] | None:
        """Give the first row, `None` where there is none."""
        rows = self.rows(sql, parameters, params)
        return rows[0] if rows else None
