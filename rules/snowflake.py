"""SQL on Snowflake."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rules.arguments import given, platform_settings, same_as_default
from rules.registry import Example, rule
from rules.result_use import report_use_of_result
from rules.sql import snowflake_sql
from rules.sql_connections import snowflake_source

if TYPE_CHECKING:
    from transpiler.lower.lowering import Lowering
    from transpiler.lower.reader import TaskReader
    from transpiler.model.pipeline import StepCall

_SIGN_IN = {
    "authenticator": "how to sign in goes into the connection's section of the configuration"
}
_POLLING = (
    "poll_interval",
    "statement_count",
    "token_life_time",
    "token_renewal_delta",
    "deferrable",
)

_INLINE = Example(
    before="""\
from datetime import datetime

from airflow import DAG
from airflow.providers.snowflake.operators.snowflake import SnowflakeOperator

WAREHOUSE = "LOAD_WH"

with DAG("nightly", start_date=datetime(2024, 1, 1), schedule="@daily", catchup=False):
    SnowflakeOperator(
        task_id="delete_day",
        snowflake_conn_id="snowflake_etl",
        warehouse=WAREHOUSE,
        sql="DELETE FROM ANALYTICS.RAW.ORDERS WHERE ORDERED_AT = '{{ ds }}'",
    )
""",
    after="""\
run_snowflake_sql(
    "nightly/delete_day.sql",
    connection="snowflake_etl",
    warehouse=WAREHOUSE,
    id="delete_day",
)
""",
)
_LIST_WITH_PARAMS = Example(
    before="""\
from datetime import datetime

from airflow import DAG
from airflow.providers.snowflake.operators.snowflake import SnowflakeOperator

with DAG("nightly", start_date=datetime(2024, 1, 1), schedule="@daily", catchup=False):
    SnowflakeOperator(
        task_id="refresh",
        sql=["DELETE FROM MARTS.{{ params.mart }}", "INSERT INTO MARTS.{{ params.mart }} SELECT 1"],
        params={"mart": "SALES"},
    )
""",
    after="""\
run_snowflake_sql(
    ["nightly/refresh_1.sql", "nightly/refresh_2.sql"],
    params={"mart": "SALES"},
    autocommit=False,
    id="refresh",
)
""",
)
_SQL_API = Example(
    before="""\
from datetime import datetime

from airflow import DAG
from airflow.providers.snowflake.operators.snowflake import SnowflakeSqlApiOperator

with DAG("nightly", start_date=datetime(2024, 1, 1), schedule="@daily", catchup=False):
    SnowflakeSqlApiOperator(
        task_id="build",
        sql="DELETE FROM MARTS.SALES; INSERT INTO MARTS.SALES SELECT 1;",
        statement_count=2,
        deferrable=True,
    )
""",
    after="""\
run_snowflake_sql("nightly/build.sql", autocommit=False, id="build")
""",
)


@rule(
    "airflow.providers.snowflake.operators.snowflake.SnowflakeOperator",
    "airflow.contrib.operators.snowflake_operator.SnowflakeOperator",
    docs="https://airflow.apache.org/docs/apache-airflow-providers-snowflake/stable/operators/snowflake.html",
    examples=[_INLINE, _LIST_WITH_PARAMS],
)
def snowflake_operator(task: TaskReader, to: Lowering) -> StepCall:
    """The statements run by `run_snowflake_sql`; their text goes to the SQL library, templates
    intact.
    """
    _take_session(task, to)
    report_use_of_result(task, to, "rows as dicts", "rows as lists")
    return snowflake_sql(task, to, snowflake_source(given(task, "snowflake_conn_id")))


@rule(
    "airflow.providers.snowflake.operators.snowflake.SnowflakeSqlApiOperator",
    docs="https://airflow.apache.org/docs/apache-airflow-providers-snowflake/stable/operators/snowflake.html",
    examples=[_SQL_API],
)
def snowflake_sql_api_operator(task: TaskReader, to: Lowering) -> StepCall:
    """The statements run over the connector instead of the SQL API, which only Airflow's triggerer
    needs.
    """
    _take_session(task, to)
    task.not_needed(
        *_POLLING, why="the step runs the statements over the connector and waits for them"
    )
    same_as_default(task, bindings={})
    report_use_of_result(task, to, "query ids", "rows as lists")
    return snowflake_sql(task, to, snowflake_source(given(task, "snowflake_conn_id")))


def _take_session(task: TaskReader, to: Lowering) -> None:
    platform_settings(task, to, _SIGN_IN)
    same_as_default(task, session_parameters={})
    parameters = task.task.arguments.get("session_parameters")
    if (
        parameters is not None
        and isinstance(parameters.value, dict)
        and set(parameters.value) == {"QUERY_TAG"}
    ):
        task.not_needed("session_parameters", why="the step sets a query tag of its own")
