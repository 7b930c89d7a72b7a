"""Orders with their payments."""
from datetime import datetime, timedelta

from airflow import DAG
from airflow.operators.empty import EmptyOperator
from airflow.providers.common.sql.operators.sql import SQLCheckOperator
from airflow.providers.snowflake.operators.snowflake import SnowflakeOperator
from airflow.sensors.external_task import ExternalTaskSensor
from airflow.utils.task_group import TaskGroup

from common.assets import ORDERS
from common.defaults import DEFAULT_ARGS, SNOWFLAKE

CHANNELS = ["web", "app", "store"]

with DAG(
    "fact_orders",
    schedule="0 5 * * *",
    start_date=datetime(2022, 1, 1),
    catchup=False,
    default_args=DEFAULT_ARGS,
    sla_miss_callback=None,
    tags=["warehouse", "critical"],
) as dag:
    with TaskGroup("sources") as sources:
        ExternalTaskSensor(
            task_id="orders",
            external_dag_id="orders_ingest",
            external_task_id="done",
            execution_delta=timedelta(hours=1, minutes=45),
            timeout=7200,
        )
        ExternalTaskSensor(
            task_id="payments",
            external_dag_id="ingest_adyen",
            execution_delta=timedelta(hours=1),
            timeout=7200,
        )

    joined = EmptyOperator(task_id="joined")
    for channel in CHANNELS:
        load = SnowflakeOperator(
            task_id=f"load_{channel}",
            snowflake_conn_id=SNOWFLAKE,
            sql=f"""
                insert into core.fact_orders
                select * from raw.orders
                where channel = '{channel}' and order_date = '{{{{ ds }}}}'
            """,
            pool="snowflake_heavy",
        )
        sources >> load >> joined

    check = SQLCheckOperator(
        task_id="no_orphans",
        conn_id=SNOWFLAKE,
        sql="select count(*) = 0 from core.fact_orders where customer_id is null",
    )
    publish = EmptyOperator(task_id="publish", outlets=[ORDERS])
    joined >> check >> publish
