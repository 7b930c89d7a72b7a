"""Context keys that a callable asks for by name."""

from datetime import datetime

from airflow import DAG
from airflow.operators.python import PythonOperator


def show(ds, params, ti, dag_run, run_id, logical_date, task, dag, data_interval_end, **kwargs):
    return {
        "ds": ds,
        "params": dict(params),
        "ti": [ti.task_id, ti.dag_id, ti.run_id, ti.try_number],
        "dag_run": [dag_run.run_id, dag_run.conf, str(dag_run.logical_date)],
        "run_id": run_id,
        "logical_date": logical_date.isoformat(),
        "task": task.task_id,
        "dag": dag.dag_id,
        "end": str(data_interval_end),
        "ts": kwargs["ts"],
    }


with DAG(
    "template_context",
    start_date=datetime(2024, 1, 1),
    schedule="@daily",
    catchup=False,
    params={"a": 1},
):
    PythonOperator(task_id="show", python_callable=show)
