"""Assets as values and as DAGs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.evaluate.reading import read, read_dag, value_of
from transpiler.model.values import Call

ASSETS = """
from airflow.sdk import Asset, asset
one, two = Asset("one"), Asset("two")
"""


def shape(value: Any) -> Any:
    """Names of the classes and first arguments."""
    assert isinstance(value, Call)
    return (
        value.func.rpartition(".")[2],
        *(a if isinstance(a, str) else shape(a) for a in value.args),
    )


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("one & two", ("AssetAll", ("Asset", "one"), ("Asset", "two"))),
        ("one | (two & one)",
         ("AssetAny", ("Asset", "one"), ("AssetAll", ("Asset", "two"), ("Asset", "one")))),
    ],
)  # fmt: skip
def test_conditions(tmp_path: Path, expression: str, expected: Any) -> None:
    value = value_of(tmp_path, f"{ASSETS}x = {expression}\n")
    assert shape(value) == expected
    assert value.code == expression


def test_conditions_over_datasets(tmp_path: Path) -> None:
    code = "from airflow.datasets import Dataset\nx = Dataset('a') | Dataset('b')\n"
    assert value_of(tmp_path, code).func == "airflow.datasets.DatasetAny"


def test_an_asset_is_no_number(tmp_path: Path) -> None:
    assert value_of(tmp_path, f"{ASSETS}x = one + two\n").code == "one + two"


def test_an_asset_makes_a_dag(tmp_path: Path) -> None:
    code = f"""{ASSETS}
@asset(uri="s3://b/k", schedule="@daily", tags=["t"])
def table(self, context, one, count=3):
    pass

with DAG("uses", schedule=table & one):
    EmptyOperator(task_id="t")
"""
    made, uses = read(tmp_path, code).dags
    assert (made.dag_id, made.arguments["catchup"].value) == ("table", False)
    (task,) = made.tasks
    assert task.task_id == "table" and task.operator.endswith("_AssetMainOperator")
    assert [item.kwargs["name"] for item in task.arguments["inlets"].value] == ["one"]
    assert task.arguments["outlets"].value[0].kwargs == {"name": "table", "uri": "s3://b/k"}
    assert uses.arguments["schedule"].value.func == "airflow.sdk.AssetAll"


def test_an_asset_of_several(tmp_path: Path) -> None:
    code = f"""{ASSETS}
@asset.multi(schedule=None, outlets=[one, two], dag_id="many")
@task(retries=2)
def both():
    pass
"""
    dag = read_dag(tmp_path, code)
    (only,) = dag.tasks
    assert (dag.dag_id, only.task_id, only.arguments["retries"].value) == ("many", "both", 2)
    assert len(only.arguments["outlets"].value) == 2


def test_an_asset_needs_a_schedule(tmp_path: Path) -> None:
    found = read(tmp_path, f"{ASSETS}@asset(name='x')\ndef f(): pass\n")
    assert found.error is not None and "schedule" in found.error


def test_calls_may_be_keys(tmp_path: Path) -> None:
    code = f"{ASSETS}x = len({{one: 1, two: 2, Asset.ref(name='n'): 3}})\n"
    assert value_of(tmp_path, code) == 3
