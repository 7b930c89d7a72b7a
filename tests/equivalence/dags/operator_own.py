"""An operator of the project: its base, hook, helper, template fields, default_args, XComs."""

from datetime import datetime
from typing import Any

from airflow import DAG
from airflow.hooks.base import BaseHook
from airflow.models import BaseOperator
from airflow.operators.python import PythonOperator

PREFIX = "p_"


class NumbersHook(BaseHook):
    def __init__(self, source: str) -> None:
        super().__init__()
        self.source = source

    def fetch(self, count: int) -> list[int]:
        return list(range(count))


class SourceOperator(BaseOperator):
    def __init__(self, *, source: str = "none", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.source = source

    def hook(self) -> NumbersHook:
        return NumbersHook(self.source)


class FetchOperator(SourceOperator):
    template_fields = ("name", "extra")
    ui_color = "#e8b7e4"

    def __init__(self, *, name: str, count: int = 2, extra=None, change=None, **kwargs) -> None:
        super().__init__(**kwargs)
        self.name = PREFIX + name
        self.count = count
        self.extra = extra
        self.change = change

    def execute(self, context):
        self.log.info("fetching %s", self.task_id)
        context["ti"].xcom_push(key="name", value=self.name)
        numbers = [self.change(one) for one in self.hook().fetch(self.count)]
        same = context["task"].task_id == self.task_id
        return {"numbers": numbers, "source": self.source, "extra": self.extra, "same": same}


def double(number):
    return 2 * number


with DAG(
    "operator_own",
    start_date=datetime(2024, 1, 1),
    schedule=None,
    default_args={"source": "orders", "owner": "somebody"},
):
    make = PythonOperator(task_id="make", python_callable=lambda: {"raw": "{{ ds }}"})
    FetchOperator(
        task_id="fetch", name="{{ ds }}", count=3, extra=[make.output, "{{ ds_nodash }}"],
        change=double,
    )  # fmt: skip
