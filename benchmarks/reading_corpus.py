"""DAG files to read: the fixtures of this project, and files made by shape and number of tasks."""

from __future__ import annotations

import math
import shutil
from collections.abc import Callable
from pathlib import Path

from benchmarks.cases import ROOT

_HEAD = """\
from datetime import datetime, timedelta

from airflow import DAG
from airflow.models.baseoperator import chain, cross_downstream
from airflow.operators.bash import BashOperator
from airflow.operators.empty import EmptyOperator
from airflow.utils.task_group import TaskGroup

"""
_WITH = """\
with DAG(
    "{name}",
    start_date=datetime(2024, 1, 1),
    schedule="@daily",
    catchup=False,
    default_args={{"retries": 2, "retry_delay": timedelta(minutes=5)}},
) as dag:
"""
_COMPANY = """\
from common.names import REGIONS, table


def load(region, day):
    rows = [day, region]
    print(f"{{region}}: {{len(rows)}} rows for {{day}}")
    return rows


"""
_COMPANY_BODY = """\
    start = EmptyOperator(task_id="start")
    for region in REGIONS:
        extract = BashOperator(
            task_id=f"extract_{region}",
            bash_command="extract --table " + table(region, "orders") + " --day {{ ds }}",
            execution_timeout=timedelta(hours=1),
        )
        check = BashOperator(task_id=f"check_{region}", bash_command=f"check {region}", retries=0)
        store = PythonOperator(
            task_id=f"load_{region}",
            python_callable=load,
            op_kwargs={"region": region, "day": "{{ ds }}"},
        )
        start >> extract >> check >> store
"""
_NAMES = """\
REGIONS = ("be", "nl", "lu", "fr", "de")


def table(region, name):
    return f"sales.{region}.{name}"
"""


def chain_of(tasks: int) -> str:
    """Tasks written one by one, each after the one before."""
    made = "".join(
        f'    t{i} = BashOperator(task_id="t{i}", bash_command="echo {i}")\n' for i in range(tasks)
    )
    return made + "".join(f"    t{i} >> t{i + 1}\n" for i in range(tasks - 1))


def fan_out(tasks: int) -> str:
    """One task before all others, which a comprehension makes."""
    return (
        '    first = EmptyOperator(task_id="first")\n'
        f'    first >> [EmptyOperator(task_id=f"t{{i}}") for i in range({tasks - 1})]\n'
    )


def cross(tasks: int) -> str:
    """Two rows of tasks, the square root of the tasks as edges of each: as many edges as tasks."""
    side = max(math.isqrt(tasks), 1)
    return (
        f'    rows = [EmptyOperator(task_id=f"t{{i}}") for i in range({tasks})]\n'
        f"    cross_downstream(rows[:{side}], rows[{side}:{2 * side}])\n"
        f"    chain(*rows[{2 * side}:])\n"
    )


def loop(tasks: int) -> str:
    """A loop that makes a task and an edge in each turn."""
    return (
        "    last = None\n"
        f"    for i in range({tasks}):\n"
        '        task = BashOperator(task_id=f"t{i}", bash_command=f"echo {i}", retries=i % 3)\n'
        "        if last is not None:\n"
        "            last >> task\n"
        "        last = task\n"
    )


def literals(tasks: int) -> str:
    """A list of literal settings, with a task for each."""
    rows = "".join(
        f'        {{"name": "t{i}", "table": "sales.t{i}", "retries": {i % 3}}},\n'
        for i in range(tasks)
    )
    return (
        f"    settings = [\n{rows}    ]\n"
        "    for one in settings:\n"
        '        command = "load " + one["table"]\n'
        '        BashOperator(task_id=one["name"], bash_command=command, retries=one["retries"])\n'
    )


def groups(tasks: int) -> str:
    """Groups of ten tasks in a row, one after the other."""
    size = min(10, tasks)
    return (
        "    last = None\n"
        f"    for number in range({tasks // size}):\n"
        '        with TaskGroup(f"g{number}") as group:\n'
        f'            chain(*[EmptyOperator(task_id=f"t{{i}}") for i in range({size})])\n'
        "        if last is not None:\n"
        "            last >> group\n"
        "        last = group\n"
    )


SHAPES: dict[str, Callable[[int], str]] = {
    "chain": chain_of,
    "fan-out": fan_out,
    "cross_downstream": cross,
    "loop": loop,
    "literals": literals,
    "groups": groups,
}


def write_shape(folder: Path, shape: str, tasks: int) -> Path:
    """A file with one DAG of that shape."""
    name = f"{shape.replace('-', '_')}_{tasks}"
    path = folder / f"{name}.py"
    path.write_text(_HEAD + _WITH.format(name=name) + SHAPES[shape](tasks), encoding="utf-8")
    return path


def write_corpus(folder: Path, copies: int) -> Path:
    """The project of fixtures, and beside it `copies` files of one company and one file of each
    shape with ten tasks.
    """
    shutil.copytree(
        ROOT / "fixtures_dags",
        folder / "fixtures",
        ignore=shutil.ignore_patterns("broken", "demo", "__pycache__"),
    )
    dags = folder / "dags"
    (dags / "common").mkdir(parents=True)
    (dags / "common" / "__init__.py").write_text("", encoding="utf-8")
    (dags / "common" / "names.py").write_text(_NAMES, encoding="utf-8")
    head = _HEAD.rstrip("\n") + "\nfrom airflow.operators.python import PythonOperator\n\n"
    for number in range(copies):
        text = head + _COMPANY.format() + _WITH.format(name=f"sales_{number}") + _COMPANY_BODY
        (dags / f"sales_{number}.py").write_text(text, encoding="utf-8")
    for shape in SHAPES:
        write_shape(dags, shape, 10)
    return folder
