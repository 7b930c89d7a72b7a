"""A branch of the project decides by its context."""

from datetime import datetime

from airflow import DAG
from airflow.operators.branch import BaseBranchOperator
from airflow.operators.empty import EmptyOperator


class ByDay(BaseBranchOperator):
    def __init__(self, day: int, **kwargs) -> None:
        super().__init__(**kwargs)
        self.day = day

    def choose_branch(self, context):
        return ["early"] if context["logical_date"].day < self.day else "late"


with DAG("operator_own_branch", start_date=datetime(2024, 1, 1), schedule=None):
    join = EmptyOperator(task_id="join", trigger_rule="none_failed_min_one_success")
    (
        ByDay(task_id="choose", day=10)
        >> [
            EmptyOperator(task_id="early"),
            EmptyOperator(task_id="late"),
        ]
        >> join
    )
