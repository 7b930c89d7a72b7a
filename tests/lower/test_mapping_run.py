"""A mapped DAG through all stages, run by ZenML; the answers are those of Airflow 2.10.5."""

from __future__ import annotations

from pathlib import Path

from runtime import launch
from tests.conftest import EmittedProject
from tests.lower.emitted_body import model_of
from transpiler.emit.project import emit_pipeline

DAG = """
from datetime import datetime

from airflow import DAG
from airflow.decorators import task, task_group
from airflow.exceptions import AirflowSkipException
from airflow.operators.bash import BashOperator


def not_two(x):
    if x == 2:
        raise AirflowSkipException("two")
    return x


@task
def numbers():
    return [1, 2]


@task
def add(a: int, b: int = 10) -> int:
    return a + b


@task
def gather(values, ti=None):
    return [list(values), list(ti.xcom_pull(task_ids="add")), ti.xcom_pull("add", map_indexes=1)]


@task
def read(path):
    return path + "!"


@task_group
def per_file(path):
    return read(path)


with DAG("probe", start_date=datetime(2024, 1, 1), schedule="@daily", catchup=False):
    n = numbers()
    added = add.expand(a=n, b=[1, 2])
    gather(per_file.expand(path=["a", "b"])) << added
    add.override(task_id="rows").expand_kwargs([{"a": 1}, {"a": 2, "b": 3}])
    read.override(task_id="skips").expand(path=n.map(not_two).map(str))
    BashOperator.partial(task_id="bash").expand(env=[{"A": "{{ ds }}"}], bash_command=["echo $A"])
"""


def test_instances(runnable_project: EmittedProject, tmp_path: Path) -> None:
    folder = tmp_path / "dags"
    folder.mkdir()
    for name, text in emit_pipeline(model_of(folder, DAG)).items():
        runnable_project.write(name, text)
    report = launch.run_file(runnable_project.root / "pipelines/probe.py", "2024-01-02", {}, {})

    found = {name: (one.state, one.xcom.get("return_value")) for name, one in report.tasks.items()}
    assert found == {
        "numbers": ("success", [1, 2]),
        "add[0]": ("success", 2),
        "add[1]": ("success", 3),
        "add[2]": ("success", 3),
        "add[3]": ("success", 4),
        "per_file.read[0]": ("success", "a!"),
        "per_file.read[1]": ("success", "b!"),
        "gather": ("success", [["a!", "b!"], [2, 3, 3, 4], 3]),
        "rows[0]": ("success", 11),
        "rows[1]": ("success", 5),
        "skips[0]": ("success", "1!"),
        "skips[1]": ("skipped", None),
        "bash[0]": ("success", "2024-01-02"),
    }
    assert report.state == "success"
