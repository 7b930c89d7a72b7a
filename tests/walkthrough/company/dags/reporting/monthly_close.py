"""Closes the books: preliminary on the first working day, final on the fifth."""
from datetime import datetime

from airflow import DAG
from airflow.operators.empty import EmptyOperator
from airflow.operators.python import BranchPythonOperator
from airflow.operators.trigger_dagrun import TriggerDagRunOperator
from airflow.providers.snowflake.operators.snowflake import SnowflakeOperator

from common.callbacks import page_on_call
from common.defaults import SNOWFLAKE, default_args


def which(logical_date, **_):
    return "final" if logical_date.day >= 5 else "preliminary"


with DAG(
    "monthly_close",
    schedule="0 6 1-7 * *",
    start_date=datetime(2023, 1, 1),
    catchup=True,
    max_active_runs=1,
    default_args=default_args(owner="finance-data", depends_on_past=True),
    on_failure_callback=page_on_call,
    tags=["reporting", "finance"],
) as dag:
    branch = BranchPythonOperator(task_id="which", python_callable=which)
    preliminary = SnowflakeOperator(
        task_id="preliminary",
        snowflake_conn_id=SNOWFLAKE,
        sql="call finance.close('{{ ds }}', final => false)",
    )
    final = SnowflakeOperator(
        task_id="final",
        snowflake_conn_id=SNOWFLAKE,
        sql="call finance.close('{{ ds }}', final => true)",
    )
    told = EmptyOperator(task_id="told", trigger_rule="none_failed_min_one_success")
    start = TriggerDagRunOperator(
        task_id="refresh",
        trigger_dag_id="exec_dashboard_refresh",
        wait_for_completion=True,
        conf={"area": "finance", "date": "{{ ds }}"},
    )
    branch >> [preliminary, final] >> told >> start
