"""Examples of codes 4xx."""

from __future__ import annotations

from collections.abc import Mapping

from transpiler.report.examples.example import CodeExample, bash_dag, dag_file

_FINE = bash_dag()
_IMPORT = "from airflow.providers.snowflake.operators.snowflake import SnowflakeOperator"


def _sql(text: str) -> str:
    return dag_file(
        f'SnowflakeOperator(task_id="load", snowflake_conn_id="warehouse", sql="{text}")',
        imports=_IMPORT,
    )


EXAMPLES: Mapping[str, CodeExample] = {
    "D2Z401": CodeExample(_sql("sql/orders.sql"), _sql("SELECT 1")),
    "D2Z402": CodeExample(_sql("../../orders.sql"), _sql("SELECT 1")),
    "D2Z403": CodeExample(
        _sql("SELECT * FROM orders WHERE (day = 1"), _sql("SELECT * FROM orders")
    ),
    "D2Z404": CodeExample(
        bash_dag().replace("{{ ds }}", "{{ run_day }}"),
        bash_dag(more='params={"run_day": "2024-01-01"}').replace(
            "{{ ds }}", "{{ params.run_day }}"
        ),
    ),
    "D2Z405": CodeExample(bash_dag().replace("{{ ds }}", "{{ ds "), _FINE),
}
