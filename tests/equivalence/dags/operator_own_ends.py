"""Operators of the project that skip, retry by their own setting, fail for good, and exit."""

import sys
from datetime import datetime, timedelta

from airflow import DAG
from airflow.exceptions import AirflowFailException, AirflowSkipException
from airflow.models.baseoperator import BaseOperator
from airflow.operators.empty import EmptyOperator


class EndOperator(BaseOperator):
    def __init__(self, how: str, **kwargs) -> None:
        super().__init__(retries=1, retry_delay=timedelta(seconds=1), **kwargs)
        self.how = how

    def pre_execute(self, context):
        context["ti"].xcom_push(key="before", value=self.how)

    def execute(self, context):
        if self.how == "skip":
            raise AirflowSkipException("nothing to do")
        if self.how == "fail":
            raise AirflowFailException("no use")
        if self.how == "exit":
            sys.exit(0)
        if context["ti"].try_number < 2:
            raise ValueError("again")
        return self.how

    def post_execute(self, context, result=None):
        context["ti"].xcom_push(key="after", value=result)


with DAG("operator_own_ends", start_date=datetime(2024, 1, 1), schedule=None):
    for how in ("skip", "fail", "exit", "retry"):
        EndOperator(task_id=how, how=how) >> EmptyOperator(task_id=f"after_{how}")
