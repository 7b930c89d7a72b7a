"""Drift of the models in production."""
import pendulum
from airflow.decorators import dag, task, task_group
from airflow.exceptions import AirflowSkipException
from airflow.providers.snowflake.hooks.snowflake import SnowflakeHook

from common.assets import SCORES
from common.defaults import DEFAULT_ARGS, SNOWFLAKE

MODELS = {"churn": "ml.churn_scores", "ltv": "ml.ltv_scores"}


@task
def population(table: str, ds=None) -> float:
    rows = SnowflakeHook(snowflake_conn_id=SNOWFLAKE).get_first(
        f"select psi from ml.drift where name = '{table}' and day = '{ds}'"
    )
    if rows is None:
        raise AirflowSkipException("no scores today")
    return float(rows[0])


@task.branch
def judge(name: str, psi: float):
    return f"{name}.alarm" if psi > 0.2 else f"{name}.fine"


@dag(
    schedule=[SCORES],
    start_date=pendulum.datetime(2024, 3, 1, tz="UTC"),
    catchup=False,
    default_args=DEFAULT_ARGS,
    tags=["ml", "monitoring"],
)
def model_monitoring():
    for model, table in MODELS.items():

        @task_group(group_id=model)
        def one_model(model=model, table=table):
            @task
            def alarm():
                raise RuntimeError(f"{model} drifts")

            @task
            def fine():
                print(f"{model} is stable")

            judge(model, population(table)) >> [alarm(), fine()]

        one_model()


model_monitoring()
