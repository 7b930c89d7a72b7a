"""The customer dimension, slowly changing, type 2."""
from datetime import datetime

from airflow import DAG
from airflow.providers.snowflake.operators.snowflake import SnowflakeOperator
from airflow.sensors.external_task import ExternalTaskSensor

from common.assets import CUSTOMERS
from common.defaults import DEFAULT_ARGS, SNOWFLAKE

with DAG(
    "dim_customers",
    schedule="0 5 * * *",
    start_date=datetime(2022, 1, 1),
    catchup=False,
    default_args=DEFAULT_ARGS,
    template_searchpath="include/sql",
    tags=["warehouse"],
) as dag:
    wait = ExternalTaskSensor(
        task_id="wait_for_zendesk",
        external_dag_id="ingest_zendesk",
        external_task_id="merge",
        execution_delta=datetime(2022, 1, 1, 5) - datetime(2022, 1, 1, 4, 30),
        timeout=3600,
        mode="reschedule",
    )
    stage = SnowflakeOperator(
        task_id="stage", sql="customers/stage.sql", snowflake_conn_id=SNOWFLAKE
    )
    merge = SnowflakeOperator(
        task_id="merge",
        sql="customers/merge.sql",
        params={"history_days": 730},
        snowflake_conn_id=SNOWFLAKE,
        outlets=[CUSTOMERS],
    )
    wait >> stage >> merge
