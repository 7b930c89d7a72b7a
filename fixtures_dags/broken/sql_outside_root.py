from datetime import datetime

from airflow import DAG
from airflow.providers.snowflake.operators.snowflake import SnowflakeOperator

with DAG(
    "sql_outside_root",
    start_date=datetime(2023, 1, 1),
    schedule_interval="@daily",
    template_searchpath=["/etc"],
) as dag:
    relative = SnowflakeOperator(
        task_id="relative",
        snowflake_conn_id="snowflake_data_science",
        sql="../../../../../../../../etc/outside.sql",
    )
    absolute = SnowflakeOperator(
        task_id="absolute",
        snowflake_conn_id="snowflake_data_science",
        sql="/etc/outside.sql",
    )
    searched = SnowflakeOperator(
        task_id="searched",
        snowflake_conn_id="snowflake_data_science",
        sql="outside.sql",
    )
    relative >> absolute >> searched
