"""SQL on SQLite: several statements, parameters, templates, rows as results, a check, a branch, a failure."""

from datetime import datetime

from airflow import DAG
from airflow.operators.empty import EmptyOperator
from airflow.operators.python import PythonOperator
from airflow.providers.common.sql.operators.sql import (
    BranchSQLOperator,
    SQLCheckOperator,
    SQLExecuteQueryOperator,
)
from airflow.providers.common.sql.sensors.sql import SqlSensor


def count(rows):
    return len(rows)


with DAG(
    "sql_sqlite",
    start_date=datetime(2024, 1, 1),
    schedule=None,
    params={"table": "orders"},
    default_args={"conn_id": "sqlite_default"},
):
    create = SQLExecuteQueryOperator(
        task_id="create",
        sql=[
            "DROP TABLE IF EXISTS {{ params.table }}",
            "CREATE TABLE {{ params.table }} (day TEXT, amount REAL, note TEXT)",
        ],
    )
    fill = SQLExecuteQueryOperator(
        task_id="fill",
        sql="INSERT INTO orders VALUES ('{{ ds }}', :amount, NULL); INSERT INTO orders VALUES ('2024-01-01', 2, 'a;b')",
        parameters={"amount": 1.5},
        split_statements=True,
    )
    select = SQLExecuteQueryOperator(task_id="select", sql="SELECT * FROM orders ORDER BY amount")
    counted = PythonOperator(task_id="counted", python_callable=count, op_args=[select.output])
    check = SQLCheckOperator(task_id="check", sql="SELECT COUNT(*) = 2 FROM orders")
    wrong = SQLCheckOperator(task_id="wrong", sql="SELECT 1, 0")
    broken = SQLExecuteQueryOperator(task_id="broken", sql="SELECT * FROM missing")
    wait = SqlSensor(task_id="wait", sql="SELECT 1 FROM orders", poke_interval=1, timeout=5)
    branch = BranchSQLOperator(
        task_id="branch",
        sql="SELECT COUNT(*) > 5 FROM orders",
        follow_task_ids_if_true="many",
        follow_task_ids_if_false="few",
    )
    create >> fill >> [select, check, wrong, broken, wait, branch]
    branch >> [EmptyOperator(task_id="many"), EmptyOperator(task_id="few")]
