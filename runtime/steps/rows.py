"""Airflow's SqlSensor as a step."""

from __future__ import annotations

from operator import itemgetter

from pydantic import JsonValue
from zenml import step

from runtime.dagrun.outcome import airflow_task
from runtime.exceptions import CheckFailedError
from runtime.functions import load_function
from runtime.polling import WEEK_SECONDS, Polling, poll
from runtime.queries import Warehouse


@step(enable_cache=False)
@airflow_task(typed=True)
def wait_for_sql(
    sql: str,
    parameters: dict[str, JsonValue] | list[JsonValue] | None = None,
    params: dict[str, JsonValue] | None = None,
    success: str | None = None,
    failure: str | None = None,
    selector: str | None = None,
    fail_on_empty: bool = False,
    connection: str = "snowflake_default",
    database: str | None = None,
    schema_name: str | None = None,
    warehouse: str | None = None,
    role: str | None = None,
    poke_interval_seconds: float = 60,
    timeout_seconds: float = WEEK_SECONDS,
    soft_fail: bool = False,
    polling: Polling | None = None,
) -> None:
    """Run SQL until the first cell of the first row is true.

    `success`, `failure` and `selector` are dotted paths of functions: the selector takes the first
    row in place of its first cell, `success` decides on what was selected, and `failure` ends the
    wait with `CheckFailedError`, as no rows do with `fail_on_empty`. SQL, parameters and session
    are those of `run_snowflake_sql`.

    Source: https://airflow.apache.org/docs/apache-airflow-providers-common-sql/stable/sensors.html
    """
    source = Warehouse(connection, database, schema_name, warehouse, role)
    select = load_function(selector) if selector else itemgetter(0)
    succeeds = load_function(success) if success else bool
    fails = load_function(failure) if failure else None

    def look() -> object:
        row = source.first_row(sql, parameters, params)
        if row is None:
            if fail_on_empty:
                raise CheckFailedError("The SQL gave no row, which fail_on_empty makes a failure.")
            return False
        selected = select(row)
        if fails is not None and fails(selected):
            raise CheckFailedError(f"{failure} is true of {selected!r}, which ends the wait.")
        return succeeds(selected)

    poll(
        look,
        poke_interval_seconds=poke_interval_seconds,
        timeout_seconds=timeout_seconds,
        soft_fail=soft_fail,
        polling=polling,
    )
