"""get_current_context and context keys in TaskFlow."""

from datetime import datetime

from airflow.decorators import dag, task
from airflow.operators.python import get_current_context


def helper():
    return get_current_context()["ds"]


@dag(dag_id="template_current_context", start_date=datetime(2024, 1, 1), schedule=None)
def pipeline():
    @task
    def by_function():
        return [helper(), get_current_context()["ti"].task_id]

    @task
    def by_argument(ds=None, run_id=None, **kwargs):
        return [ds, run_id, kwargs["ts_nodash"]]

    @task
    def by_template(text, day):
        return f"{text} {day}"

    by_function()
    by_argument()
    by_template("on", day="{{ ds }}")


pipeline()
