"""Erases a person, on request of the service desk."""
from datetime import datetime

from airflow import DAG
from airflow.models.param import Param
from airflow.operators.python import PythonOperator
from airflow.providers.snowflake.hooks.snowflake import SnowflakeHook

from common.defaults import SNOWFLAKE, default_args

TABLES = ["raw.crm_contacts", "core.dim_customers", "ml.churn_scores"]


def erase(table, params, **_):
    """Deletes the person's rows and says how many there were."""
    hook = SnowflakeHook(SNOWFLAKE)
    column = "id" if table.startswith("raw") else "customer_id"
    found = hook.get_first(
        f"select count(*) from {table} where {column} = %(id)s",
        parameters={"id": params["customer_id"]},
    )
    if not params["dry_run"]:
        hook.run(
            f"delete from {table} where {column} = %(id)s",
            parameters={"id": params["customer_id"]},
        )
    return found[0]


def report(ti, **_):
    counts = ti.xcom_pull(task_ids=[f"erase_{t.replace('.', '_')}" for t in TABLES])
    print(f"{sum(counts)} rows")


with DAG(
    "gdpr_erasure",
    schedule=None,
    start_date=datetime(2023, 1, 1),
    default_args=default_args(retries=0),
    params={
        "customer_id": Param(type="string", minLength=8),
        "dry_run": Param(True, type="boolean"),
    },
    tags=["ops", "gdpr"],
) as dag:
    last = PythonOperator(task_id="report", python_callable=report)
    for table in TABLES:
        PythonOperator(
            task_id=f"erase_{table.replace('.', '_')}",
            python_callable=erase,
            op_kwargs={"table": table},
        ) >> last
