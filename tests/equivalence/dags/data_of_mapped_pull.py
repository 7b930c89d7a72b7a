"""xcom_pull of a mapped task gives its results in order."""

from datetime import datetime

from airflow.decorators import dag, task
from airflow.operators.python import PythonOperator


def show(ti):
    return list(ti.xcom_pull(task_ids="double"))


@dag(dag_id="data_of_mapped_pull", start_date=datetime(2024, 1, 1), schedule=None)
def pipeline():
    @task
    def double(number):
        return number * 2

    double.expand(number=[3, 1, 2]) >> PythonOperator(task_id="show", python_callable=show)


pipeline()
