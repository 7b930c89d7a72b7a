"""Keeps the prediction tables small and writes down what was deleted, every six hours."""
from datetime import datetime, timedelta

from airflow import DAG
from airflow.providers.common.sql.operators.sql import SQLExecuteQueryOperator

from common.settings import SNOWFLAKE_CONN_ID, WAREHOUSE

# table -> days to keep
RETENTION = {
    "ANALYTICS.PREDICTIONS.LTV_PREDICTIONS_BE": 180,
    "ANALYTICS.FEATURES.LTV_FEATURES_BE": 90,
}

HOOK_PARAMS = {"warehouse": WAREHOUSE}

with DAG(
    "snowflake_housekeeping",
    schedule_interval=timedelta(hours=6),
    start_date=datetime(2023, 4, 1),
    catchup=False,
    default_args={
        "owner": "ds-platform",
        "conn_id": SNOWFLAKE_CONN_ID,
        "hook_params": HOOK_PARAMS,
        "retries": 4,
        "retry_delay": timedelta(seconds=30),
        "retry_exponential_backoff": True,
        "max_retry_delay": timedelta(minutes=20),
        "execution_timeout": timedelta(minutes=15),
    },
    tags=["platform"],
) as dag:
    create_log = SQLExecuteQueryOperator(
        task_id="create_log_table",
        sql="""
            CREATE TABLE IF NOT EXISTS ANALYTICS.MARTS.HOUSEKEEPING_LOG (
                LOGGED_AT TIMESTAMP_NTZ,
                TABLE_NAME VARCHAR,
                DELETED_BEFORE DATE,
                ROW_COUNT NUMBER(38, 0)
            )
        """,
    )

    previous = create_log
    for table, days in RETENTION.items():
        short_name = table.split(".")[-1].lower()
        purge = SQLExecuteQueryOperator(
            task_id=f"purge_{short_name}",
            # values are bound, not pasted: %(name)s is the connector's style
            sql=[
                "INSERT INTO ANALYTICS.MARTS.HOUSEKEEPING_LOG "
                "SELECT %(logged_at)s::TIMESTAMP_NTZ, %(table)s, DATEADD(DAY, -%(days)s, %(ds)s::DATE), "
                f"COUNT(*) FROM {table} WHERE RUN_DATE < DATEADD(DAY, -%(days)s, %(ds)s::DATE)",
                f"DELETE FROM {table} WHERE RUN_DATE < DATEADD(DAY, -%(days)s, %(ds)s::DATE)",
            ],
            parameters={"logged_at": "{{ ts }}", "ds": "{{ ds }}", "days": days, "table": table},
        )
        # one after the other, the warehouse is tiny
        previous >> purge
        previous = purge

    count_rows = SQLExecuteQueryOperator(
        task_id="count_log_rows",
        sql="""
            SELECT COUNT(*) FROM ANALYTICS.MARTS.HOUSEKEEPING_LOG WHERE LOGGED_AT >= '{{ ds }}';
            SELECT COALESCE(SUM(ROW_COUNT), 0) FROM ANALYTICS.MARTS.HOUSEKEEPING_LOG;
        """,
        split_statements=True,
        return_last=False,
        retries=1,
        retry_exponential_backoff=False,
    )

    previous >> count_rows
