"""Churn scoring, one DAG per country.

To add a country, add it to COUNTRIES: the DAG appears by itself. The schedules are an hour apart
because all countries share one small warehouse.
"""
from datetime import timedelta

import pendulum
from airflow import DAG
from airflow.operators.bash import BashOperator
from airflow.providers.cncf.kubernetes.operators.pod import KubernetesPodOperator
from airflow.providers.snowflake.operators.snowflake import SnowflakeOperator
from airflow.sensors.external_task import ExternalTaskSensor
from airflow.utils.trigger_rule import TriggerRule

from alerts import incidentio_alerts
from common.settings import DEFAULT_ARGS, SNOWFLAKE_CONN_ID, image

FEATURES_HOUR = 1  # feature_engineering_daily

COUNTRIES = {
    "be": {"hour": 3, "inactive_days": 60, "segments": ["organic", "paid"], "crm": True},
    "nl": {"hour": 4, "inactive_days": 60, "segments": ["organic", "paid"], "crm": True},
    # France buys seasonally and the CRM contract is not signed yet
    "fr": {"hour": 5, "inactive_days": 120, "segments": ["all"], "crm": False},
}


def create_dag(country, settings):
    """DAG that scores the customers of one country and, where there is a CRM, exports them."""
    dag = DAG(
        dag_id=f"churn_scoring_{country}",
        description=f"Churn scores for {country.upper()}",
        default_args={
            **DEFAULT_ARGS,
            "owner": f"ds-churn-{country}",
            "on_failure_callback": incidentio_alerts.create_alert,
        },
        start_date=pendulum.datetime(2023, 1, 9, tz="UTC"),
        schedule_interval=f"0 {settings['hour']} * * 1-5",
        catchup=False,
        params={"country": country.upper(), "inactive_days": settings["inactive_days"]},
        tags=["data-science", "churn", country],
    )

    with dag:
        wait_for_features = ExternalTaskSensor(
            task_id="wait_for_features",
            external_dag_id="feature_engineering_daily",
            external_task_id="publish_features",
            execution_delta=timedelta(hours=settings["hour"] - FEATURES_HOUR),
            allowed_states=["success"],
            failed_states=["failed", "upstream_failed"],
            timeout=2 * 60 * 60,
            mode="reschedule",
        )

        select_inactive = SnowflakeOperator(
            task_id="select_inactive_customers",
            snowflake_conn_id=SNOWFLAKE_CONN_ID,
            sql="sql/churn/select_inactive_customers.sql",
        )

        scores = []
        for segment in settings["segments"]:
            score = KubernetesPodOperator(
                task_id=f"score_{segment}",
                name=f"churn-{country}-{segment}",
                namespace="ds-inference",
                image=image("churn-scoring", "2.3.0"),
                arguments=["score", "--country", country, "--segment", segment, "--date={{ ds }}"],
                env_vars={"PYTHONUNBUFFERED": "1"},
                labels={"country": country},
                get_logs=True,
                is_delete_operator_pod=True,
            )
            scores.append(score)

        # Runs whether or not scoring worked: the temporary customers must go (GDPR).
        drop_inactive = SnowflakeOperator(
            task_id="drop_inactive_customers",
            snowflake_conn_id=SNOWFLAKE_CONN_ID,
            sql=f"DROP TABLE IF EXISTS ANALYTICS.FEATURES.CHURN_INACTIVE_{country.upper()}",
            trigger_rule=TriggerRule.ALL_DONE,
        )

        wait_for_features >> select_inactive >> scores >> drop_inactive

        if settings["crm"]:
            export = BashOperator(
                task_id="export_to_crm",
                bash_command="crm-export --list churn_{{ params.country }}_{{ ds_nodash }}",
                retries=5,
            )
            scores >> export

    return dag


for country, settings in COUNTRIES.items():
    globals()[f"churn_scoring_{country}"] = create_dag(country, settings)
