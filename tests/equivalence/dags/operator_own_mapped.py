"""An operator of the project mapped over values, over a result, and by expand_kwargs."""

from datetime import datetime

from airflow import DAG
from airflow.decorators import task
from airflow.models import BaseOperator


class AddOperator(BaseOperator):
    template_fields = ("text",)

    def __init__(self, number: int, text: str = "", **kwargs) -> None:
        super().__init__(**kwargs)
        self.number = number
        self.text = text

    def execute(self, context):
        return f"{self.number + 1} {self.text} {context['ti'].map_index}"


with DAG("operator_own_mapped", start_date=datetime(2024, 1, 1), schedule=None):

    @task
    def numbers():
        return [10, 20]

    @task
    def rows():
        return [{"number": 1, "text": "{{ ds }}"}, {"number": 2}]

    AddOperator.partial(task_id="over_values", text="{{ ds }}").expand(number=[1, 2])
    AddOperator.partial(task_id="over_result", text="of").expand(number=numbers())
    AddOperator.partial(task_id="by_rows").expand_kwargs(
        [{"number": 1}, {"number": 2, "text": "b"}]
    )
    AddOperator.partial(task_id="by_result").expand_kwargs(rows())
