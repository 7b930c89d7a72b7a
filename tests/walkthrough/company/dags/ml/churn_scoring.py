"""Churn scores, one container for each country."""
from datetime import datetime, timedelta

from airflow import DAG
from airflow.operators.trigger_dagrun import TriggerDagRunOperator
from airflow.providers.cncf.kubernetes.operators.pod import KubernetesPodOperator
from airflow.providers.snowflake.operators.snowflake import SnowflakeOperator
from kubernetes.client import models as k8s

from common.assets import FEATURES, SCORES
from common.defaults import SNOWFLAKE, default_args

COUNTRIES = ["BE", "NL", "DE", "FR"]

with DAG(
    "churn_scoring",
    schedule=[FEATURES],
    start_date=datetime(2024, 1, 1),
    catchup=False,
    default_args=default_args(owner="data-science", execution_timeout=timedelta(hours=2)),
    tags=["ml", "churn"],
) as dag:
    score = KubernetesPodOperator.partial(
        task_id="score",
        name="churn-score",
        namespace="ml",
        image="registry.example.com/ml/churn:3.1.0",
        container_resources=k8s.V1ResourceRequirements(
            requests={"cpu": "2", "memory": "8Gi"}, limits={"memory": "8Gi"}
        ),
        env_vars={"MODEL_ALIAS": "champion"},
        max_active_tis_per_dag=2,
    ).expand(arguments=[["--country", country, "--date", "{{ ds }}"] for country in COUNTRIES])

    publish = SnowflakeOperator(
        task_id="publish",
        snowflake_conn_id=SNOWFLAKE,
        sql="call ml.publish_churn('{{ ds }}')",
        outlets=[SCORES],
    )
    refresh = TriggerDagRunOperator(
        task_id="refresh_dashboards",
        trigger_dag_id="exec_dashboard_refresh",
        conf={"area": "churn", "date": "{{ ds }}"},
    )
    score >> publish >> refresh
