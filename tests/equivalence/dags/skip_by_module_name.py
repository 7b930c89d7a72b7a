"""Exceptions by their module's name, in functions, in classes, and imported within a function."""

from datetime import datetime

import airflow.exceptions
from airflow import DAG, exceptions
from airflow.operators.python import PythonOperator


class OwnError(exceptions.AirflowException):
    pass


def by_module():
    raise exceptions.AirflowSkipException("x")


def by_package():
    raise airflow.exceptions.AirflowSkipException("x")


def within():
    from airflow import exceptions as known

    raise known.AirflowFailException("no")


def own():
    raise OwnError("own")


with DAG("skip_by_module_name", start_date=datetime(2024, 1, 1), schedule=None):
    for function in (by_module, by_package, own):
        PythonOperator(task_id=function.__name__, python_callable=function)
    PythonOperator(task_id="within", python_callable=within, retries=1)
    numbers = [
        PythonOperator(task_id=f"number_{n}", python_callable=lambda n=n, **_: n * 10)
        for n in range(2)
    ]
