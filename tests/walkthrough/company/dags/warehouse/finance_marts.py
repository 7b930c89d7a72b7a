"""Marts of finance; they start when orders and customers are there."""
from datetime import datetime

from airflow import DAG
from airflow.models.baseoperator import chain
from airflow.providers.snowflake.operators.snowflake import SnowflakeOperator

from common.assets import CUSTOMERS, ORDERS
from common.defaults import SNOWFLAKE, default_args

MARTS = ("revenue_daily", "revenue_by_country", "margin")

dag = DAG(
    dag_id="finance_marts",
    schedule=[ORDERS, CUSTOMERS],
    start_date=datetime(2023, 1, 1),
    catchup=False,
    default_args=default_args(owner="finance-data", retries=0),
    template_searchpath=["include/sql"],
    tags=["warehouse", "finance"],
)

chain(
    *[
        SnowflakeOperator(
            task_id=mart,
            sql=f"finance/{mart}.sql",
            snowflake_conn_id=SNOWFLAKE,
            warehouse="FINANCE_WH",
            dag=dag,
        )
        for mart in MARTS
    ]
)
