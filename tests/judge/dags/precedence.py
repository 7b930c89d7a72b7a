"""default_args of DAG, groups and tasks, and who wins."""

from datetime import datetime, timedelta

from airflow import DAG
from airflow.decorators import task, task_group
from airflow.models.baseoperator import BaseOperator
from airflow.operators.bash import BashOperator
from airflow.operators.empty import EmptyOperator
from airflow.utils.task_group import TaskGroup
from airflow.utils.trigger_rule import TriggerRule

BASE = {
    "retries": 1,
    "retry_delay": timedelta(minutes=1),
    "owner": "team",
    "trigger_rule": "all_done",
}


class Sized(BaseOperator):
    def __init__(self, size=3, retries=9, **kwargs):
        super().__init__(retries=retries, **kwargs)
        self.size = size


class Wrapped(BashOperator):
    def __init__(self, *, what, execution_timeout=timedelta(hours=1), **kwargs):
        kwargs.setdefault("retries", 8)
        super().__init__(bash_command=f"echo {what}", execution_timeout=execution_timeout, **kwargs)


class More(Wrapped):
    template_fields = ("bash_command", "env")

    def __init__(self, name, **kwargs):
        super().__init__(task_id=f"more_{name}", what=name, **kwargs)


with DAG(
    "merging", start_date=datetime(2024, 1, 1), schedule="@weekly", catchup=True, default_args=BASE
):
    EmptyOperator(task_id="plain")
    EmptyOperator(task_id="own", retries=5, trigger_rule=TriggerRule.ALL_SUCCESS)
    EmptyOperator(task_id="given", default_args={"retries": 6, "retry_delay": timedelta(seconds=5)})
    with TaskGroup("g", default_args={"retries": 2, "execution_timeout": timedelta(minutes=9)}):
        EmptyOperator(task_id="in_g")
        with TaskGroup("h", default_args={"retries": 3}):
            EmptyOperator(task_id="in_h")
            EmptyOperator(task_id="in_h_own", retries=4)
            Sized(task_id="sized")
        Sized(task_id="sized_own", size=2, retries=7)

    @task_group(default_args={"retry_delay": timedelta(seconds=30)})
    def decorated():
        @task(retries=0)
        def inside(): ...

        @task
        def inside_too(): ...

        inside() >> inside_too.override(retry_delay=timedelta(seconds=1))()

    decorated()
    Sized(task_id="outside")
    Wrapped(task_id="wrapped", what="w")
    More(name="x")
    More(name="y", retries=0, execution_timeout=None)

with DAG("no_defaults", start_date=datetime(2024, 1, 1), schedule=None, catchup=False):
    Sized(task_id="sized")
    Wrapped(task_id="wrapped", what="w")
    EmptyOperator(
        task_id="seconds", retry_delay=90, retries=2, execution_timeout=timedelta(seconds=4)
    )
