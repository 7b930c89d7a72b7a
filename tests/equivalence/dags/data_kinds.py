"""Numbers, text, lists, dicts, truth values and dates come through as they are."""

from datetime import datetime

from airflow.decorators import dag, task


@dag(dag_id="data_kinds", start_date=datetime(2024, 1, 1), schedule=None)
def pipeline():
    @task
    def values():
        return {
            "number": 1.5,
            "big": 2**70,
            "text": "Zoë — ünïcode",
            "nested": [{"a": [1, None, True]}, []],
            "empty": {},
        }

    @task
    def types(given):
        return {key: type(value).__name__ for key, value in given.items()}

    @task
    def date():
        return datetime(2024, 5, 6, 7, 8)

    @task
    def show(moment):
        return moment.strftime("%Y/%m/%d %H:%M")

    types(values())
    show(date())


pipeline()
