"""SQL operators that are made for one kind of database."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rules.arguments import given, refused
from rules.registry import Example, rule
from rules.sql import database_sql
from rules.sql_connections import Source

if TYPE_CHECKING:
    from transpiler.lower.lowering import Lowering
    from transpiler.lower.reader import TaskReader
    from transpiler.model.pipeline import StepCall

_DOCS = "https://airflow.apache.org/docs/apache-airflow-providers-common-sql/stable/operators.html"

_POSTGRES = Example(
    before="""\
from datetime import datetime

from airflow import DAG
from airflow.providers.postgres.operators.postgres import PostgresOperator

with DAG("nightly", start_date=datetime(2024, 1, 1), schedule="@daily", catchup=False):
    PostgresOperator(
        task_id="close_day",
        postgres_conn_id="shop",
        sql=[
            "DELETE FROM sales WHERE day = %(day)s",
            "INSERT INTO sales SELECT * FROM orders WHERE ordered_at = %(day)s",
        ],
        parameters={"day": "{{ ds }}"},
    )
""",
    after="""\
run_sql(
    ["nightly/close_day_1.sql", "nightly/close_day_2.sql"],
    connection="shop",
    parameters={"day": "{{ ds }}"},
    id="close_day",
)
""",
)
_SQLITE = Example(
    before="""\
from datetime import datetime

from airflow import DAG
from airflow.providers.sqlite.operators.sqlite import SqliteOperator

with DAG("nightly", start_date=datetime(2024, 1, 1), schedule="@daily", catchup=False):
    SqliteOperator(task_id="count", sql="SELECT COUNT(*) FROM orders WHERE day = '{{ ds }}'")
""",
    after="""\
run_sql("nightly/count.sql", connection="sqlite_default", id="count")
""",
)


@rule(
    "airflow.providers.postgres.operators.postgres.PostgresOperator",
    "airflow.operators.postgres_operator.PostgresOperator",
    "airflow.operators.postgres.PostgresOperator",
    "airflow.operators.PostgresOperator",
    docs=_DOCS,
    examples=[_POSTGRES],
)
def postgres_operator(task: TaskReader, to: Lowering) -> StepCall:
    """The SQL goes to the SQL library and runs by `run_sql`, over psycopg2 as in Airflow."""
    return _run(task, to, "postgres_conn_id", "postgres")


@rule(
    "airflow.providers.mysql.operators.mysql.MySqlOperator",
    "airflow.operators.mysql_operator.MySqlOperator",
    "airflow.operators.mysql.MySqlOperator",
    "airflow.operators.MySqlOperator",
    "airflow.providers.microsoft.mssql.operators.mssql.MsSqlOperator",
    "airflow.operators.mssql_operator.MsSqlOperator",
    "airflow.operators.mssql.MsSqlOperator",
    "airflow.operators.MsSqlOperator",
    "airflow.providers.sqlite.operators.sqlite.SqliteOperator",
    "airflow.operators.sqlite_operator.SqliteOperator",
    "airflow.operators.sqlite.SqliteOperator",
    "airflow.operators.SqliteOperator",
    docs=_DOCS,
    examples=[_SQLITE],
)
def database_operator(task: TaskReader, to: Lowering) -> StepCall:
    """The SQL goes to the SQL library and runs by `run_sql`, over the driver that Airflow's hook
    takes.
    """
    kind = task.task.operator.rpartition(".")[2].removesuffix("Operator").lower()
    return _run(task, to, f"{kind}_conn_id", kind)


def _run(task: TaskReader, to: Lowering, name: str, kind: str) -> StepCall:
    argument = given(task, name) or given(task, "conn_id")
    if argument is None:
        return database_sql(task, to, Source(f"{kind}_default", kind))
    conn_id = argument.value
    if not isinstance(conn_id, str):
        raise refused(task, argument, f"{argument.name} is not known from the file")
    return database_sql(task, to, Source(conn_id, kind, argument))
