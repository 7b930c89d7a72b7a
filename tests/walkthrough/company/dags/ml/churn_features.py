"""Features of the churn model."""
from datetime import datetime

from airflow import DAG
from airflow.providers.snowflake.operators.snowflake import SnowflakeOperator
from airflow.utils.task_group import TaskGroup

from common.assets import CUSTOMERS, FEATURES, ORDERS
from common.defaults import SNOWFLAKE, default_args

WINDOWS = (7, 30, 90)

with DAG(
    "churn_features",
    schedule=(ORDERS & CUSTOMERS),
    start_date=datetime(2024, 1, 1),
    catchup=False,
    default_args=default_args(owner="data-science"),
    tags=["ml", "churn"],
):
    with TaskGroup("windows") as windows:
        for days in WINDOWS:
            SnowflakeOperator(
                task_id=f"orders_{days}d",
                snowflake_conn_id=SNOWFLAKE,
                sql=f"call ml.order_window({days}, '{{{{ ds }}}}')",
            )
    join = SnowflakeOperator(
        task_id="join",
        snowflake_conn_id=SNOWFLAKE,
        sql=["call ml.join_churn_features('{{ ds }}')", "comment on table ml.churn_features is '{{ ds }}'"],
        outlets=[FEATURES],
    )
    windows >> join
