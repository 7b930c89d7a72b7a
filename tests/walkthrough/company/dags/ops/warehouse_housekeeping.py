"""Old partitions go, big tables are clustered."""
from datetime import datetime, timedelta

from airflow import DAG
from airflow.operators.latest_only import LatestOnlyOperator
from airflow.providers.snowflake.operators.snowflake import SnowflakeOperator

from common.defaults import SNOWFLAKE, default_args

KEEP = {"raw.orders": 400, "raw.crm_contacts": 30, "raw.zendesk_tickets": 90}

with DAG(
    "warehouse_housekeeping",
    schedule=timedelta(days=7),
    start_date=datetime(2023, 1, 1),
    catchup=False,
    default_args=default_args(pool="snowflake_light"),
    template_searchpath="include/sql",
    tags=["ops"],
):
    latest = LatestOnlyOperator(task_id="latest")
    for table, days in KEEP.items():
        purge = SnowflakeOperator(
            task_id=f"purge_{table.replace('.', '_')}",
            snowflake_conn_id=SNOWFLAKE,
            sql="housekeeping/purge.sql",
            params={"table": table, "days": days},
        )
        recluster = SnowflakeOperator(
            task_id=f"recluster_{table.replace('.', '_')}",
            snowflake_conn_id=SNOWFLAKE,
            sql=f"alter table {table} resume recluster",
        )
        latest >> purge >> recluster
