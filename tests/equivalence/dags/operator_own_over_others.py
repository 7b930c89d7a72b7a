"""Operators of the project over BashOperator and PythonOperator that add to their work."""

from datetime import datetime

from airflow import DAG
from airflow.operators.bash import BashOperator
from airflow.operators.python import PythonOperator


class StampedBash(BashOperator):
    def execute(self, context):
        self.env = {**(self.env or {}), "STAMP": context["ts_nodash"]}
        return super().execute(context)


class ListedPython(PythonOperator):
    def execute(self, context):
        return [super().execute(context), context["ds"]]


with DAG("operator_own_over_others", start_date=datetime(2024, 1, 1), schedule=None):
    StampedBash(task_id="bash", bash_command="echo $STAMP $DAY", env={"DAY": "{{ ds }}"})
    StampedBash(task_id="skipped", bash_command="exit 99")
    ListedPython(
        task_id="python",
        python_callable=lambda x, ds, y=2: f"{x} {ds} {y}",
        op_args=["{{ dag.dag_id }}"],
        op_kwargs={"y": "{{ ds_nodash }}"},
    )
    BashOperator(
        task_id="processed", bash_command="echo 41", output_processor=lambda line: int(line) + 1
    )
