"""Params that meet their JSON schemas, by default and by conf; keys of conf that are no params."""

from datetime import datetime

from airflow import DAG
from airflow.models.param import Param
from airflow.operators.bash import BashOperator
from airflow.operators.python import PythonOperator


def show(**context):
    params = context["params"]
    return [params["size"], params["code"], params["day"], params["mode"], params["more"]]


with DAG(
    "params_with_schemas",
    start_date=datetime(2024, 1, 1),
    schedule=None,
    params={
        "size": Param(5, type="integer", minimum=1, title="Size", section="What"),
        "code": Param("abc", "Letters", type=["string", "null"], pattern="^[a-z]+$"),
        "day": Param("2024-01-31", type="string", format="date"),
        "at": Param("2024-01-31T10:00:00", type="string", format="date-time"),
        "mode": Param("full", schema={"enum": ["full", "part"]}),
        "market": Param(type="string", minLength=2),
    },
):
    PythonOperator(task_id="show", python_callable=show, params={"mode": Param("part")})
    BashOperator(
        task_id="command",
        bash_command="echo {{ params.market }} {{ params.size }} {{ params.limit }}",
        params={"limit": Param(7, type="integer", maximum=8)},
    )
