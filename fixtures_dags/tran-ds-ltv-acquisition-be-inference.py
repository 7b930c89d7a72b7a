"""
### Belgium: lifetime value of acquired customers

Predicts every night what each Belgian customer is worth over 36 months, once per **tenure**
(months since acquisition). Marketing reads the result to set the bids of the next day.

1. Wait for `feature_engineering_daily` of the same night.
2. Convert order amounts to EUR with the rate of the order's day.
3. Build one feature row per customer and tenure.
4. Score each tenure in its own pod.
5. Check the predictions, merge them into the mart, refresh the summary.

Owner: data science, LTV squad. Runbook: https://wiki.example.com/ds/ltv-be-runbook
"""
import os
from datetime import datetime, timedelta

from airflow import DAG
from airflow.operators.empty import EmptyOperator
from airflow.providers.cncf.kubernetes.operators.pod import KubernetesPodOperator
from airflow.providers.cncf.kubernetes.secret import Secret
from airflow.providers.snowflake.operators.snowflake import SnowflakeOperator
from airflow.sensors.external_task import ExternalTaskSensor
from kubernetes.client import models as k8s

from alerts import incidentio_alerts

DAG_ID = "tran-ds-ltv-acquisition-be-inference"
MARKET = "BE"
TENURES = [6, 12, 24]  # months since acquisition

IMAGE = "registry.example.com/data-science/ltv-inference:1.14.2"
NAMESPACE = "ds-inference"
MODEL_NAME = "ltv_be"

SNOWFLAKE_CONN_ID = "snowflake_data_science"
WAREHOUSE = "DS_INFERENCE_WH"
FEATURES_TABLE = "ANALYTICS.FEATURES.LTV_FEATURES_BE"
PREDICTIONS_TABLE = "ANALYTICS.PREDICTIONS.LTV_PREDICTIONS_BE"

snowflake_password = Secret(
    deploy_type="env",
    deploy_target="SNOWFLAKE_PASSWORD",
    secret="snowflake-data-science",
    key="password",
)

default_args = {
    "owner": "ds-ltv",
    "depends_on_past": False,
    "email_on_failure": False,  # incident.io pages us, mails went unread
    "retries": 3,
    "retry_delay": timedelta(minutes=5),
    "on_failure_callback": incidentio_alerts.create_alert,
}

with DAG(
    dag_id=DAG_ID,
    description="Nightly LTV predictions of acquired customers, Belgium",
    default_args=default_args,
    start_date=datetime(2022, 3, 1),
    schedule_interval="0 2 * * *",
    catchup=False,
    max_active_runs=1,
    template_searchpath=[os.path.join(os.path.dirname(__file__), "sql")],
    params={"market": MARKET, "tenures": TENURES, "retention_days": 90},
    tags=["data-science", "ltv", "be"],
    doc_md=__doc__,
) as dag:
    # The feature DAG starts at 01:00, one hour before us, and needs about 40 minutes.
    wait_for_features = ExternalTaskSensor(
        task_id="wait_for_features",
        external_dag_id="feature_engineering_daily",
        execution_delta=timedelta(hours=1),
        poke_interval=60,
        timeout=3 * 60 * 60,
        mode="reschedule",
    )

    create_tables = SnowflakeOperator(
        task_id="create_tables",
        snowflake_conn_id=SNOWFLAKE_CONN_ID,
        warehouse=WAREHOUSE,
        sql="ltv_be/create_tables.sql",
    )

    convert_orders = SnowflakeOperator(
        task_id="convert_orders_to_eur",
        snowflake_conn_id=SNOWFLAKE_CONN_ID,
        warehouse=WAREHOUSE,
        sql="ltv_be/convert_orders_to_eur.sql",
    )

    # A day without rates would silently drop orders from the join in convert_orders_to_eur.
    # Snowflake SQL cannot raise, the failing cast is our assertion.
    check_rates = SnowflakeOperator(
        task_id="check_fx_rates",
        snowflake_conn_id=SNOWFLAKE_CONN_ID,
        warehouse=WAREHOUSE,
        sql="""
            SELECT CAST(
                IFF(COUNT(*) > 0, '0', 'no FX rates for {{ macros.ds_add(ds, -1) }}') AS INTEGER
            ) AS FX_CHECK
            FROM ANALYTICS.RAW.FX_RATES
            WHERE RATE_DATE = '{{ macros.ds_add(ds, -1) }}'
        """,
    )

    build_features = SnowflakeOperator(
        task_id="build_features",
        snowflake_conn_id=SNOWFLAKE_CONN_ID,
        warehouse=WAREHOUSE,
        sql="ltv_be/build_features.sql",
        execution_timeout=timedelta(minutes=45),
    )

    # One pod per tenure: the models share code but not memory, 24 months needs most of it.
    predictions = []
    for tenure in TENURES:
        predict = KubernetesPodOperator(
            task_id=f"predict_ltv_{tenure}m",
            name=f"ltv-be-{tenure}m",
            namespace=NAMESPACE,
            image=IMAGE,
            image_pull_policy="IfNotPresent",
            cmds=["python", "-m", "ltv_inference"],
            arguments=[
                "--run-date", "{{ ds }}",
                "--market", "{{ params.market }}",
                "--tenure-months", str(tenure),
                "--model-name", MODEL_NAME,
                "--model-alias", "production",
                "--input-table", FEATURES_TABLE,
                "--output-table", PREDICTIONS_TABLE,
            ],
            env_vars={
                "SNOWFLAKE_WAREHOUSE": WAREHOUSE,
                "AIRFLOW_RUN_ID": "{{ run_id }}",
                "LOG_LEVEL": "INFO",
            },
            secrets=[snowflake_password],
            container_resources=k8s.V1ResourceRequirements(
                requests={"cpu": "1", "memory": "4Gi"},
                limits={"cpu": "2", "memory": "8Gi"},
            ),
            labels={"team": "ds-ltv", "market": MARKET.lower(), "tenure": f"{tenure}m"},
            startup_timeout_seconds=600,
            get_logs=True,
            on_finish_action="delete_pod",
        )
        predictions.append(predict)

    check_predictions = SnowflakeOperator(
        task_id="check_predictions",
        snowflake_conn_id=SNOWFLAKE_CONN_ID,
        warehouse=WAREHOUSE,
        sql="ltv_be/check_predictions.sql",
        retries=0,  # bad predictions do not get better by asking again
    )

    publish = SnowflakeOperator(
        task_id="publish_predictions",
        snowflake_conn_id=SNOWFLAKE_CONN_ID,
        warehouse=WAREHOUSE,
        sql="ltv_be/publish_predictions.sql",
    )

    refresh_summary = SnowflakeOperator(
        task_id="refresh_summary",
        snowflake_conn_id=SNOWFLAKE_CONN_ID,
        warehouse=WAREHOUSE,
        sql="ltv_be/refresh_summary.sql",
    )

    # Features are only kept for debugging, the mart keeps the history.
    purge_features = SnowflakeOperator(
        task_id="purge_old_features",
        snowflake_conn_id=SNOWFLAKE_CONN_ID,
        warehouse=WAREHOUSE,
        sql=f"DELETE FROM {FEATURES_TABLE} "
        "WHERE RUN_DATE < '{{ macros.ds_add(ds, -params.retention_days) }}'",
    )

    done = EmptyOperator(task_id="done")

    wait_for_features >> create_tables >> [convert_orders, check_rates] >> build_features
    build_features >> predictions >> check_predictions
    check_predictions >> publish >> [refresh_summary, purge_features] >> done
