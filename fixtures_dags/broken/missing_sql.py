from datetime import datetime

from airflow import DAG
from airflow.providers.snowflake.operators.snowflake import SnowflakeOperator

with DAG("missing_sql", start_date=datetime(2023, 1, 1), schedule_interval="@daily") as dag:
    SnowflakeOperator(
        task_id="load",
        snowflake_conn_id="snowflake_data_science",
        sql="sql/ltv_be/build_featurs.sql",
    )
