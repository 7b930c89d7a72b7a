"""BranchDayOfWeekOperator decides by the weekday of the logical date."""

from datetime import datetime

from airflow import DAG
from airflow.operators.empty import EmptyOperator
from airflow.operators.weekday import BranchDayOfWeekOperator

with DAG("branch_by_weekday", start_date=datetime(2024, 1, 1), schedule=None):
    branch = BranchDayOfWeekOperator(
        task_id="branch",
        follow_task_ids_if_true="weekend",
        follow_task_ids_if_false=["workday", "report"],
        week_day={"Saturday", "Sunday"},
        use_task_logical_date=True,
    )
    branch >> [
        EmptyOperator(task_id="weekend"),
        EmptyOperator(task_id="workday"),
        EmptyOperator(task_id="report"),
    ]
