"""Orders of the shop, from the bucket that it writes to into the warehouse."""
from datetime import datetime, timedelta

from airflow import DAG
from airflow.operators.bash import BashOperator
from airflow.operators.empty import EmptyOperator
from airflow.providers.amazon.aws.sensors.s3 import S3KeySensor
from airflow.providers.snowflake.operators.snowflake import SnowflakeOperator

from common.callbacks import page_on_call
from common.defaults import SNOWFLAKE, default_args

with DAG(
    dag_id="orders_ingest",
    description="Orders of yesterday, hourly files",
    schedule_interval="15 3 * * *",
    start_date=datetime(2022, 1, 1),
    catchup=False,
    max_active_runs=1,
    default_args=default_args(on_failure_callback=page_on_call),
    tags=["ingest", "critical"],
) as dag:
    wait_for_files = S3KeySensor(
        task_id="wait_for_files",
        bucket_name="acme-shop-exports",
        bucket_key="orders/{{ ds_nodash }}/_SUCCESS",
        aws_conn_id="aws_default",
        poke_interval=120,
        timeout=60 * 60 * 2,
        mode="reschedule",
    )

    # Snowpipe is too dear for two files a day.
    copy_orders = SnowflakeOperator(
        task_id="copy_orders",
        snowflake_conn_id=SNOWFLAKE,
        sql="""
            copy into raw.orders
            from @shop_exports/orders/{{ ds_nodash }}/
            file_format = (type = parquet)
        """,
    )

    count_rows = SnowflakeOperator(
        task_id="count_rows",
        snowflake_conn_id=SNOWFLAKE,
        sql="select count(*) from raw.orders where order_date = '{{ ds }}'",
    )

    archive = BashOperator(
        task_id="archive",
        bash_command="aws s3 mv s3://acme-shop-exports/orders/{{ ds_nodash }}/ "
        "s3://acme-archive/orders/{{ ds_nodash }}/ --recursive",
        env={"AWS_DEFAULT_REGION": "eu-west-1"},
        append_env=True,
        execution_timeout=timedelta(minutes=30),
    )

    done = EmptyOperator(task_id="done")

    wait_for_files >> copy_orders >> count_rows >> archive >> done
