"""Ids and loops that depend on the environment, read with the defaults that the file gives."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from tests.evaluate.reading import codes, edges, read
from transpiler.evaluate.limits import Limits
from transpiler.model.dag import DagFile

IDS = {
    "import os\nx = os.getenv('ENV', 'dev')": "dev",
    "import os\nx = os.environ.get('ENV', default='dev').upper()": "DEV",
    "import os\nENV = os.getenv('ENV', 'dev')\nx = f'etl_{ENV}_{1 + 1}'": "etl_dev_2",
    "import os\nx = 'etl_%s' % os.getenv('ENV', 'dev')": "etl_dev",
    "import os\nENV = os.getenv('ENV', 'dev')\nx = 'a' if ENV == 'prod' else 'b'": "b",
    "import os\nx = {'dev': 'd1'}[os.getenv('ENV', 'dev')]": "d1",
    "x = Variable.get('name', default_var='v')": "v",
    "from airflow.sdk import Variable\nx = Variable.get('name', default='v') + '_1'": "v_1",
    "from airflow.configuration import conf\nx = conf.get('a', 'b', fallback='c')": "c",
    "import os\ndef env(k, d): return os.environ.get(k, d)\nx = env('A', 'b') + 'c'": "bc",
    "import os\ndef f(): return 'a'\nx = f() + os.getenv('E', 'd')": "ad",
    "import os\nx = '_'.join([n + os.getenv('E', 'd') for n in 'ab'])": "ad_bd",
    "import os\nx = os.path.basename('/x/' + os.getenv('E', 'd'))": "d",
    "import os\nx = sorted({'k': os.getenv('E', 'd')}.values())[0]": "d",
    "import os\nall = []\nfor n in 'ab':\n    all.append(n + os.getenv('E', 'd'))\nx = all[0]": "ad",
    "import os\nENV = os.getenv('ENV', 'dev')\n"
    "if ENV == 'prod':\n    x = 'p'\nelif ENV == 'dev':\n    x = 'd'\nelse:\n    x = 'e'": "d",
}
UNKNOWN = [
    "import os\nx = os.environ['ENV']",
    "import os\nx = os.getenv('ENV')",
    "import os\nx = os.getenv('ENV', None)",
    "x = Variable.get('name')",
    "import os\nx = os.getenv('A', 'a') + os.getenv('B')",
    "import os\ndef f(v):\n    made.append(v)\n    return v\nmade = []\n"
    "x = f(os.getenv('A', 'b')) + os.environ['B']",
]


def named(folder: Path, code: str) -> DagFile:
    """The file with a DAG, a group and a task of that name."""
    return read(
        folder, f"{code}\nwith DAG(x):\n  with TaskGroup(x):\n    EmptyOperator(task_id=x)\n"
    )


@pytest.mark.parametrize("code", IDS)
def test_ids(tmp_path: Path, code: str) -> None:
    (dag,) = named(tmp_path, code).dags
    name = IDS[code]
    assert (dag.dag_id, list(edges(dag))) == (name, [f"{name}.{name}"])


def test_a_setting_that_nobody_sets_is_none(tmp_path: Path) -> None:
    code = "import os\nwith DAG('d', schedule=os.getenv('CRON')):\n    EmptyOperator(task_id='t')\n"
    found = read(tmp_path, code)
    assert found.dags[0].arguments["schedule"].value is None
    assert ("D2Z216", "warning") in [(item.code, item.severity) for item in found.findings]


def test_an_id_read_so_is_said(tmp_path: Path) -> None:
    found = named(tmp_path, "import os\nx = os.getenv('ENV', 'dev')")
    items = [item for item in found.findings if item.code == "D2Z110"]
    assert [item.severity for item in items] == ["warning"] * 3
    assert "os.getenv('ENV', 'dev')" in items[0].message
    assert "'dev'" in items[0].message


@pytest.mark.parametrize("code", UNKNOWN)
def test_ids_without_a_default(tmp_path: Path, code: str) -> None:
    found = named(tmp_path, code)
    assert found.dags == ()
    assert {item.severity for item in found.findings if item.code == "D2Z110"} == {"manual"}


LOOPS = {
    "for i in range(int(Variable.get('shards', default_var=2))):\n"
    "        EmptyOperator(task_id=f't{i}')": ["t0", "t1"],
    "[EmptyOperator(task_id=n) for n in Variable.get('names', ['a', 'b'])]": ["a", "b"],
    "for n in Variable.get('names', default_var=[]):\n        EmptyOperator(task_id='t')": ["t"],
}


@pytest.mark.parametrize("code", LOOPS)
def test_loops(tmp_path: Path, code: str) -> None:
    found = read(tmp_path, f"with DAG('d'):\n    {code}\n")
    assert list(edges(found.dags[0])) == LOOPS[code]
    assert [item.severity for item in found.findings] == ["manual"]


def test_other_values_stay_the_code_that_they_are(tmp_path: Path) -> None:
    code = (
        "import os\nwith DAG('d'):\n    EmptyOperator(task_id='t', queue=os.getenv('QUEUE', 'q'))\n"
    )
    found = read(tmp_path, code)
    assert found.dags[0].tasks[0].arguments["queue"].value.code == "os.getenv('QUEUE', 'q')"
    assert codes(found) == []


def test_settings_of_the_scheduler(tmp_path: Path) -> None:
    code = """
import os
ARGS = {
    "retries": int(os.getenv("RETRIES", "2")),
    "execution_timeout": timedelta(hours=int(os.getenv("HOURS", "6"))),
}
with DAG("d", schedule=os.getenv("CRON", None), default_args=ARGS):
    EmptyOperator(task_id="t")
    EmptyOperator(task_id="u", retries=int(os.environ["N"]))
"""
    found = read(tmp_path, code)
    (dag,) = found.dags
    t, u = dag.tasks
    assert (t.arguments["retries"].value, dag.arguments["schedule"].value) == (2, None)
    assert t.arguments["execution_timeout"].value == timedelta(hours=6)
    assert u.arguments["retries"].value.code == 'int(os.environ["N"])'
    assert codes(found) == [("D2Z216", 7), ("D2Z216", 4), ("D2Z216", 5)]
    assert {item.severity for item in found.findings} == {"warning"}


def test_defaults_inside_a_timetable(tmp_path: Path) -> None:
    code = """
from airflow.timetables.interval import CronDataIntervalTimetable
with DAG("d", schedule=CronDataIntervalTimetable(Variable.get("c", "0 2 * * *"), timezone="UTC")):
    EmptyOperator(task_id="t")
"""
    found = read(tmp_path, code)
    schedule = found.dags[0].arguments["schedule"].value
    assert (schedule.args, schedule.kwargs) == (("0 2 * * *",), {"timezone": "UTC"})
    assert [item.severity for item in found.findings if item.code == "D2Z216"] == ["warning"]


def test_nothing_happens_twice(tmp_path: Path) -> None:
    code = """
import os
ENV = os.getenv("ENV", "dev")
made = []
def make(name):
    made.append(name)
    return EmptyOperator(task_id=f"t{len(made)}")
with DAG("d"):
    x = make(ENV) >> make(ENV) >> Label(ENV)
    y = [make(n) for n in ("a", ENV)]
"""
    (dag,) = read(tmp_path, code).dags
    assert len(dag.tasks) == len({task.task_id for task in dag.tasks}) == 4


def test_a_long_chain_costs_a_step_for_each_link(tmp_path: Path) -> None:
    code = "import os\nE = os.getenv('E', 'd')\nx = " + " + ".join(["E"] * 900) + "\n"
    made = "with DAG(x[:2]):\n    EmptyOperator(task_id='t')\n"
    found = read(tmp_path, code + made, limits=Limits(steps=10_000))
    assert [dag.dag_id for dag in found.dags] == ["dd"]


def test_each_turn_has_values_of_its_own(tmp_path: Path) -> None:
    code = """
import os
names = {"a": os.getenv("A", "x"), "b": "plain", "c": os.getenv("C", "z")}
with DAG("d"):
    for name in "abc":
        EmptyOperator(task_id="t_" + names[name] + "_" + name)
"""
    (dag,) = read(tmp_path, code).dags
    assert [task.task_id for task in dag.tasks] == ["t_x_a", "t_plain_b", "t_z_c"]
