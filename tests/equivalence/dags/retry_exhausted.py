"""All tries fail: three tries for two retries, then the task has failed."""

from datetime import datetime, timedelta

from airflow.decorators import dag, task


@dag(
    dag_id="retry_exhausted",
    start_date=datetime(2024, 1, 1),
    schedule=None,
    default_args={"retries": 2, "retry_delay": timedelta(seconds=0)},
)
def pipeline():
    @task
    def never(ti=None):
        raise RuntimeError(f"try {ti.try_number}")

    @task(retries=0, trigger_rule="all_done")
    def after():
        return "ran"

    never() >> after()


pipeline()
