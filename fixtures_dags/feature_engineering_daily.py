"""Daily features of all customers. Runs at 01:00, the inference DAGs wait for it.

The DAG is old and stable: three queries and a check. Ask before you change the schedule, at
least five DAGs have an ExternalTaskSensor with an execution_delta on it.
"""
from datetime import datetime

from airflow import DAG
from airflow.operators.empty import EmptyOperator
from airflow.providers.common.sql.operators.sql import SQLExecuteQueryOperator

from alerts.incidentio_alerts import create_alert
from common.settings import DEFAULT_ARGS, SNOWFLAKE_CONN_ID

TABLES = ["ANALYTICS.RAW.CUSTOMERS", "ANALYTICS.RAW.ORDERS", "ANALYTICS.RAW.FX_RATES"]

dag = DAG(
    "feature_engineering_daily",
    default_args={**DEFAULT_ARGS, "on_failure_callback": create_alert},
    start_date=datetime(2021, 6, 1),
    schedule_interval="0 1 * * *",
    catchup=False,
    tags=["data-science", "features"],
    doc_md=__doc__,
)

start = EmptyOperator(task_id="start", dag=dag)

# An empty source means the ingestion is broken. Fail here, not in ten DAGs downstream.
source_checks = [
    SQLExecuteQueryOperator(
        task_id="check_" + table.split(".")[-1].lower(),
        conn_id=SNOWFLAKE_CONN_ID,
        sql=f"SELECT CAST(IFF(COUNT(*) > 0, '0', '{table} is empty') AS INTEGER) FROM {table}",
        dag=dag,
    )
    for table in TABLES
]

snapshot_customers = SQLExecuteQueryOperator(
    task_id="snapshot_customers",
    conn_id=SNOWFLAKE_CONN_ID,
    sql="sql/features/customer_snapshot.sql",  # relative to the DAG folder
    dag=dag,
)

publish_features = EmptyOperator(task_id="publish_features", dag=dag)

start >> source_checks >> snapshot_customers >> publish_features
