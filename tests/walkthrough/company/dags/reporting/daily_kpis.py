"""KPIs of yesterday by mail."""
from datetime import datetime, timedelta

from airflow import DAG
from airflow.operators.email import EmailOperator
from airflow.operators.python import PythonOperator
from airflow.providers.snowflake.hooks.snowflake import SnowflakeHook
from airflow.sensors.external_task import ExternalTaskSensor

from common.defaults import SNOWFLAKE, default_args


def build(ds, **_):
    """A table as HTML."""
    rows = SnowflakeHook(SNOWFLAKE).get_records(
        "select name, value from mart.kpis where day = %(day)s", parameters={"day": ds}
    )
    return "".join(f"<tr><td>{name}</td><td>{value}</td></tr>" for name, value in rows)


with DAG(
    "daily_kpis",
    schedule="0 7 * * *",
    start_date=datetime(2022, 6, 1),
    catchup=False,
    default_args=default_args(owner="analytics", email=["kpis@example.org"], email_on_failure=True),
    tags=["reporting"],
):
    wait = ExternalTaskSensor(
        task_id="wait_for_orders",
        external_dag_id="fact_orders",
        external_task_id="publish",
        execution_delta=timedelta(hours=2),
        allowed_states=["success"],
        failed_states=["failed", "upstream_failed"],
        timeout=3 * 3600,
    )
    html = PythonOperator(task_id="build", python_callable=build)
    send = EmailOperator(
        task_id="send",
        to="{{ var.value.kpi_recipients }}",
        subject="KPIs of {{ ds }}",
        html_content="<table>{{ ti.xcom_pull(task_ids='build') }}</table>",
    )
    wait >> html >> send
