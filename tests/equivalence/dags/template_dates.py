"""The dates of a run by hand, as templates name them."""

from datetime import datetime

from airflow import DAG
from airflow.operators.bash import BashOperator
from airflow.operators.python import PythonOperator

NAMES = [
    "ds",
    "ds_nodash",
    "ts",
    "ts_nodash",
    "ts_nodash_with_tz",
    "logical_date",
    "data_interval_start",
]
NAMES += [
    "data_interval_end",
    "run_id",
    "dag.dag_id",
    "task.task_id",
    "ti.task_id",
    "dag_run.run_id",
]
NAMES += ["ti.try_number", "dag_run.logical_date", "ti.map_index", "task_instance.dag_id"]

with DAG("template_dates", start_date=datetime(2024, 1, 1), schedule="0 6 * * *", catchup=False):
    BashOperator(
        task_id="show",
        bash_command="; ".join(f"echo '{name} {{{{ {name} }}}}'" for name in NAMES),
    )
    PythonOperator(
        task_id="all",
        python_callable=lambda values: values,
        op_args=[[f"{{{{ {name} }}}}" for name in NAMES]],
    )
