"""Checks on the core tables; what fails is written down, and the team is told."""
from datetime import datetime

from airflow import DAG
from airflow.operators.empty import EmptyOperator
from airflow.operators.python import BranchPythonOperator, PythonOperator
from airflow.providers.common.sql.operators.sql import SQLColumnCheckOperator
from airflow.providers.slack.operators.slack_webhook import SlackWebhookOperator
from airflow.utils.trigger_rule import TriggerRule

from common.assets import CUSTOMERS
from common.defaults import DEFAULT_ARGS, SNOWFLAKE
from utils import business_days


def collect(ti, **context):
    """Names of the checks that failed."""
    states = [ti.get_dagrun().get_task_instance(f"check_{name}").state for name in TABLES]
    return [name for name, state in zip(TABLES, states) if state == "failed"]


def choose(ti, ds, **_):
    failed = ti.xcom_pull(task_ids="collect")
    if failed and business_days.is_business_day(ds):
        return "tell"
    return "quiet"


TABLES = {
    "fact_orders": {"amount": {"null_check": {"equal_to": 0}, "min": {"geq_to": 0}}},
    "dim_customers": {"customer_id": {"null_check": {"equal_to": 0}}},
}

with DAG(
    "data_quality",
    schedule=[CUSTOMERS],
    start_date=datetime(2023, 1, 1),
    default_args=DEFAULT_ARGS,
    catchup=False,
    tags=["warehouse", "quality"],
):
    collected = PythonOperator(
        task_id="collect", python_callable=collect, trigger_rule=TriggerRule.ALL_DONE
    )
    for table, mapping in TABLES.items():
        SQLColumnCheckOperator(
            task_id=f"check_{table}",
            conn_id=SNOWFLAKE,
            table=f"core.{table}",
            column_mapping=mapping,
        ) >> collected

    branch = BranchPythonOperator(task_id="branch", python_callable=choose)
    tell = SlackWebhookOperator(
        task_id="tell",
        slack_webhook_conn_id="slack_alerts",
        message="Checks failed: {{ ti.xcom_pull(task_ids='collect') }}",
    )
    collected >> branch >> [tell, EmptyOperator(task_id="quiet")]
