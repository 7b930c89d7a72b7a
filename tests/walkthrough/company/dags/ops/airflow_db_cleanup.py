"""Removes old rows of Airflow's own database."""
from datetime import datetime, timedelta

from airflow import DAG
from airflow.models import DagRun, TaskInstance, XCom
from airflow.operators.python import PythonOperator
from airflow.utils.session import provide_session

from common.defaults import DEFAULT_ARGS


@provide_session
def clean(model, days, session=None, **_):
    limit = datetime.utcnow() - timedelta(days=days)
    column = getattr(model, "execution_date", None) or model.start_date
    session.query(model).filter(column < limit).delete(synchronize_session=False)
    session.commit()


with DAG(
    "airflow_db_cleanup",
    schedule="@daily",
    start_date=datetime(2022, 1, 1),
    catchup=False,
    default_args=DEFAULT_ARGS,
    tags=["ops", "airflow"],
):
    for model in (DagRun, TaskInstance, XCom):
        PythonOperator(
            task_id=f"clean_{model.__name__.lower()}",
            python_callable=clean,
            op_kwargs={"model": model, "days": 90},
        )
