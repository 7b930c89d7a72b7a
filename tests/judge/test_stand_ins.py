"""What stands in for packages, Variables, connections and environment variables nobody has."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.judge.airflow_env import airflow_facts

FILES = {
    "operators": """
from airflow.providers.nobody.operators.things import ThingOperator
from nobody.operators import Runner, CheckSensor


class Own(ThingOperator):
    template_fields = ("size",)

    def __init__(self, *, size, **kwargs):
        super().__init__(**kwargs)
        self.size = size


with DAG("operators", schedule=None, default_args={"retries": 4}):
    first = ThingOperator(task_id="first", sql="select 1", labels={"a": "b"})
    own = Own(task_id="own", size=first.output, project=1)
    first >> Runner(task_id="runner") >> CheckSensor(task_id="check", poke_interval=5)
    ThingOperator.partial(task_id="each", anything=own.output).expand(sql=["a", "b"])
""",
    "values": """
import json
import os
from datetime import datetime
from nobody import CONSTANT, Client, NobodyError, retry
from nobody.deep import module

env = os.environ.copy()
CONFIG = Variable.get("config", deserialize_json=True)
START = datetime(2024, 1, 1)
LIMITS = json.loads(Variable.get("limits"))


@retry(times=3)
def schedule() -> "Client | None":
    try:
        return "0 1 * * *"
    except NobodyError:
        return None


with DAG("values", schedule=schedule(), start_date=START, tags=[CONFIG["tag"], "mine"]):
    BashOperator(task_id="wait", bash_command="true", retries=int(os.environ["NOBODY_RETRIES"]))
    BashOperator(task_id=env["NOBODY_TASK"], bash_command="true")
    BashOperator(task_id="say", bash_command=f"echo {Variable.get('word')} {CONSTANT}")
    with Client() as client:
        for name in client.tables() + module.more:
            BashOperator(task_id=name, bash_command="true")
""",
    "guarded": """
try:
    import nobody
except ImportError:
    nobody = None

with DAG("guarded", schedule=None):
    BashOperator(task_id="with" if nobody else "without", bash_command="true")
""",
    "connection": """
host = BaseHook.get_connection("nobody_at_all").host
with DAG("connection", schedule=None):
    BashOperator(task_id="call", bash_command=f"curl {host}")
""",
    "decorator": """
with DAG("decorator", schedule=None):
    @task.nobody(image="x", retries=3)
    def inside():
        pass

    inside() >> BashOperator(task_id="after", bash_command="true")
""",
    "renamed": """
from airflow.models.param import NobodyParam
with DAG("renamed", schedule=None, description=str(NobodyParam)):
    BashOperator(task_id="only", bash_command="true")
""",
    "broken": """
import nobody
with DAG("broken", schedule=None):
    BashOperator(task_id="same", bash_command="true")
    BashOperator(task_id="same", bash_command="true")
""",
}
HEADS = {
    2: """
from airflow import DAG
from airflow.decorators import task
from airflow.hooks.base import BaseHook
from airflow.models import Variable
from airflow.operators.bash import BashOperator
""",
    3: """
from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG, BaseHook, Variable, task
""",
}
Facts = dict[str, dict[str, Any]]


@pytest.fixture(
    scope="module",
    params=[pytest.param(2, id="airflow2"), pytest.param(3, id="airflow3", marks=pytest.mark.slow)],
)
def facts(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Facts:
    """Facts of the files by name, in either version."""
    folder = tmp_path_factory.mktemp("stand_ins")
    for name, text in FILES.items():
        (folder / f"{name}.py").write_text(HEADS[request.param] + text, "utf-8")
    found = airflow_facts("--stand-ins", "--jobs", "2", *folder.glob("*.py"), major=request.param)
    return {name.removesuffix(".py"): entry for name, entry in found.items()}


def only_dag(facts: Facts, name: str) -> dict[str, Any]:
    entry = facts[name]
    assert entry["error"] is None, entry["traceback"]
    (dag,) = entry["dags"]
    return dict(dag)


def tasks(facts: Facts, name: str) -> dict[str, Any]:
    return {task["task_id"]: task for task in only_dag(facts, name)["tasks"]}


def test_operators_take_anything(facts: Facts) -> None:
    found = tasks(facts, "operators")
    assert {name: task["upstream"] for name, task in found.items()} == {
        "check": ["runner"],
        "each": ["own"],
        "first": [],
        "own": ["first"],
        "runner": ["first"],
    }
    assert {task["retries"] for task in found.values()} == {4}
    assert all(task["stand_in"] for task in found.values())
    assert found["first"]["template_fields"] == {"sql": "select 1", "labels": {"a": "b"}}
    assert found["each"]["mapped"]
    assert facts["operators"]["stand_ins"] == ["module airflow.providers.nobody", "module nobody"]


def test_values_have_marks(facts: Facts) -> None:
    dag = only_dag(facts, "values")
    assert dag["schedule"] == "0 1 * * *"
    assert sorted(map(str, dag["tags"])) == ["mine", "{'stand_in': 'StandInText'}"]
    found = tasks(facts, "values")
    assert len(found) == 3
    assert found["wait"]["retries"] == 1
    assert found["say"]["template_fields"]["bash_command"] == "echo stand-in stand-in"
    assert facts["values"]["stand_ins"] == [
        "module nobody",
        "environment variable NOBODY_RETRIES",
        "environment variable NOBODY_TASK",
        "missing Variables",
    ]


def test_a_file_with_an_answer_of_its_own_gets_no_module(facts: Facts) -> None:
    assert tasks(facts, "guarded").keys() == {"without"}
    assert facts["guarded"]["stand_ins"] == []


def test_connections_decorators_and_names(facts: Facts) -> None:
    command = tasks(facts, "connection")["call"]["template_fields"]["bash_command"]
    assert command == "curl stand-in"
    assert facts["connection"]["stand_ins"] == ["connection nobody_at_all"]
    found = tasks(facts, "decorator")
    assert (found["inside"]["retries"], found["after"]["upstream"]) == (3, ["inside"])
    assert facts["decorator"]["stand_ins"] == ["decorator nobody"]
    assert tasks(facts, "renamed").keys() == {"only"}
    assert facts["renamed"]["stand_ins"] == ["name airflow.models.param:NobodyParam"]


def test_what_is_wrong_stays_wrong(facts: Facts) -> None:
    assert "DuplicateTaskIdFound" in facts["broken"]["error"]
    assert facts["broken"]["dags"] == []


@pytest.mark.slow
def test_without_the_option_nothing_stands_in(tmp_path: Path) -> None:
    path = tmp_path / "operators.py"
    path.write_text(HEADS[2] + FILES["operators"], "utf-8")
    (entry,) = airflow_facts(path).values()
    assert "No module named 'airflow.providers.nobody'" in entry["error"]
    assert entry["stand_ins"] == []
