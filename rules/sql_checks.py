"""Checks of data by SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rules.arguments import given, params, pass_on, present, refused, step
from rules.registry import Example, rule
from rules.sql import one_or_list
from rules.sql_connections import Source, snowflake_source, source_arguments, source_of
from transpiler.model.values import is_known

if TYPE_CHECKING:
    from collections.abc import Mapping

    from transpiler.lower.lowering import Lowering
    from transpiler.lower.reader import TaskReader
    from transpiler.model.pipeline import Expr, StepCall

_DOCS = "https://airflow.apache.org/docs/apache-airflow-providers-common-sql/stable/operators.html"
_COMMON_SQL = "airflow.providers.common.sql.operators.sql"
_SNOWFLAKE = "airflow.providers.snowflake.operators.snowflake"


def _dag(import_: str, call: str) -> str:
    return f"""\
from datetime import datetime

from airflow import DAG
from {import_} import {call.partition("(")[0]}

with DAG("nightly", start_date=datetime(2024, 1, 1), schedule="@daily", catchup=False):
    {call}
"""


_CHECK = Example(
    before=_dag(
        _COMMON_SQL,
        """SQLCheckOperator(
        task_id="has_orders",
        conn_id="snowflake_etl",
        sql="SELECT COUNT(*) FROM ANALYTICS.RAW.ORDERS WHERE ORDERED_AT = '{{ ds }}'",
    )""",
    ),
    after="""\
check_sql("nightly/has_orders.sql", connection="snowflake_etl", id="has_orders")
""",
)
_VALUE = Example(
    before=_dag(
        _SNOWFLAKE,
        """SnowflakeValueCheckOperator(
        task_id="enough_orders",
        sql="SELECT COUNT(*) FROM ANALYTICS.RAW.ORDERS",
        pass_value=1000,
        tolerance=0.1,
    )""",
    ),
    after="""\
check_sql_value("nightly/enough_orders.sql", pass_value=1000, tolerance=0.1, id="enough_orders")
""",
)
_THRESHOLD = Example(
    before=_dag(
        _COMMON_SQL,
        """SQLThresholdCheckOperator(
        task_id="share_of_returns",
        conn_id="snowflake_etl",
        sql="SELECT AVG(RETURNED) FROM ANALYTICS.RAW.ORDERS",
        min_threshold=0,
        max_threshold=0.2,
    )""",
    ),
    after="""\
check_sql_threshold(
    "nightly/share_of_returns.sql",
    connection="snowflake_etl",
    min_threshold=0,
    max_threshold=0.2,
    id="share_of_returns",
)
""",
)
_INTERVAL = Example(
    before=_dag(
        _COMMON_SQL,
        """SQLIntervalCheckOperator(
        task_id="like_last_week",
        conn_id="snowflake_etl",
        table="ANALYTICS.RAW.ORDERS",
        metrics_thresholds={"COUNT(*)": 1.5},
        date_filter_column="ORDERED_AT",
    )""",
    ),
    after="""\
check_sql_interval(
    "ANALYTICS.RAW.ORDERS",
    connection="snowflake_etl",
    metrics_thresholds={"COUNT(*)": 1.5},
    date_filter_column="ORDERED_AT",
    id="like_last_week",
)
""",
)
_COLUMNS = Example(
    before=_dag(
        _COMMON_SQL,
        """SQLColumnCheckOperator(
        task_id="check_columns",
        conn_id="snowflake_etl",
        table="ANALYTICS.RAW.ORDERS",
        column_mapping={"AMOUNT": {"null_check": {"equal_to": 0}, "min": {"geq_to": 0}}},
        partition_clause="ORDERED_AT = '{{ ds }}'",
    )""",
    ),
    after="""\
check_columns(
    "ANALYTICS.RAW.ORDERS",
    connection="snowflake_etl",
    column_mapping={"AMOUNT": {"null_check": {"equal_to": 0}, "min": {"geq_to": 0}}},
    partition_clause="ORDERED_AT = '{{ ds }}'",
    id="check_columns",
)
""",
)
_TABLE = Example(
    before=_dag(
        _COMMON_SQL,
        """SQLTableCheckOperator(
        task_id="check_table",
        conn_id="snowflake_etl",
        table="ANALYTICS.RAW.ORDERS",
        checks={"row_count": {"check_statement": "COUNT(*) > 100"}},
    )""",
    ),
    after="""\
check_table(
    "ANALYTICS.RAW.ORDERS",
    connection="snowflake_etl",
    checks={"row_count": {"check_statement": "COUNT(*) > 100"}},
    id="check_table",
)
""",
)


@rule(
    f"{_COMMON_SQL}.SQLCheckOperator",
    f"{_SNOWFLAKE}.SnowflakeCheckOperator",
    "airflow.operators.sql.SQLCheckOperator",
    "airflow.operators.check_operator.CheckOperator",
    docs=_DOCS,
    examples=[_CHECK],
)
def sql_check_operator(task: TaskReader, to: Lowering) -> StepCall:
    """The SQL goes to the SQL library; `check_sql` fails where a value of its first row is false.

    All checks run on Snowflake connections (see SQLExecuteQueryOperator).
    """
    return _query(task, to, "check_sql", {"parameters": "parameters"})


@rule(
    f"{_COMMON_SQL}.SQLValueCheckOperator",
    f"{_SNOWFLAKE}.SnowflakeValueCheckOperator",
    "airflow.operators.sql.SQLValueCheckOperator",
    "airflow.operators.check_operator.ValueCheckOperator",
    docs=_DOCS,
    examples=[_VALUE],
)
def sql_value_check_operator(task: TaskReader, to: Lowering) -> StepCall:
    """The SQL goes to the SQL library; `check_sql_value` compares its first row with a value."""
    task.require("pass_value")
    names = ("pass_value", "tolerance", "parameters")
    return _query(task, to, "check_sql_value", {name: name for name in names})


@rule(
    f"{_COMMON_SQL}.SQLThresholdCheckOperator",
    "airflow.operators.sql.SQLThresholdCheckOperator",
    "airflow.operators.check_operator.ThresholdCheckOperator",
    docs=_DOCS,
    examples=[_THRESHOLD],
)
def sql_threshold_check_operator(task: TaskReader, to: Lowering) -> StepCall:
    """The SQL goes to the SQL library; `check_sql_threshold` holds its value between two."""
    names = ("min_threshold", "max_threshold")
    return _query(task, to, "check_sql_threshold", {name: name for name in names})


@rule(
    f"{_COMMON_SQL}.SQLIntervalCheckOperator",
    f"{_SNOWFLAKE}.SnowflakeIntervalCheckOperator",
    "airflow.operators.sql.SQLIntervalCheckOperator",
    "airflow.operators.check_operator.IntervalCheckOperator",
    docs=_DOCS,
    examples=[_INTERVAL],
)
def sql_interval_check_operator(task: TaskReader, to: Lowering) -> StepCall:
    """`check_sql_interval` compares metrics of the day with those of an earlier day."""
    task.require("metrics_thresholds")
    names = (
        "metrics_thresholds",
        "date_filter_column",
        "days_back",
        "ratio_formula",
        "ignore_zero",
    )
    return _table(task, to, "check_sql_interval", {name: name for name in names})


@rule(
    f"{_COMMON_SQL}.SQLColumnCheckOperator",
    docs=_DOCS,
    examples=[_COLUMNS],
)
def sql_column_check_operator(task: TaskReader, to: Lowering) -> StepCall:
    """`check_columns` makes Airflow's query of the mapping, and holds each value to its bounds."""
    _plain(task, "column_mapping")
    names = ("column_mapping", "partition_clause", "accept_none")
    return _table(task, to, "check_columns", {name: name for name in names})


@rule(
    f"{_COMMON_SQL}.SQLTableCheckOperator",
    docs=_DOCS,
    examples=[_TABLE],
)
def sql_table_check_operator(task: TaskReader, to: Lowering) -> StepCall:
    """`check_table` makes Airflow's query of the checks, each of which must be true."""
    _plain(task, "checks")
    names = ("checks", "partition_clause")
    return _table(task, to, "check_table", {name: name for name in names})


def _query(task: TaskReader, to: Lowering, function: str, names: Mapping[str, str]) -> StepCall:
    source = _source(task, to)
    sql = one_or_list(to.sql.names(task.require("sql"), task.task, source.dialect))
    return step(function, task, sql, kwargs=_kwargs(task, to, source, names))


def _table(task: TaskReader, to: Lowering, function: str, names: Mapping[str, str]) -> StepCall:
    source = _source(task, to)
    table = to.expr(task.require("table"))
    return step(function, task, table, kwargs=_kwargs(task, to, source, names))


def _kwargs(
    task: TaskReader, to: Lowering, source: Source, names: Mapping[str, str]
) -> dict[str, Expr]:
    return {
        **source_arguments(task, to, source),
        **pass_on(task, to, names),
        **pass_on(task, to, {"retry_on_failure": "retry_on_failure"}),
        **present(params=params(task, to)),
    }


def _source(task: TaskReader, to: Lowering) -> Source:
    """The connection: that of the Snowflake operators is Snowflake's by itself."""
    if not task.task.operator.startswith(_SNOWFLAKE):
        return source_of(task, to, task.require("conn_id"))
    for name in ("authenticator", "session_parameters"):
        argument = given(task, name)
        if argument is not None:
            raise refused(task, argument, f"{name}: the step takes it from the configuration")
    return snowflake_source(given(task, "snowflake_conn_id"))


def _plain(task: TaskReader, name: str) -> None:
    """Refuse checks that the file does not tell, or that no JSON can hold (dates as bounds)."""
    argument = task.require(name)
    if not is_known(argument.value) or not _is_json(argument.value):
        raise refused(task, argument, f"{name} is not made of plain texts and numbers")


def _is_json(value: object) -> bool:
    if isinstance(value, dict):
        return all(isinstance(key, str) and _is_json(item) for key, item in value.items())
    return value is None or isinstance(value, (bool, int, float, str))
