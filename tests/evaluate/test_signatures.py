"""Calls that Airflow's own signatures refuse."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.evaluate.reading import codes, read
from transpiler.evaluate.signatures import signature_of

REFUSED = {
    "two values for a name": "from airflow.sdk import Asset\nAsset('s3://x', name='n')\n",
    "no name": "from airflow.datasets import DatasetAlias\nDatasetAlias()\n",
    "too many by position": "from airflow.sdk import Asset\nAsset('n', 's3://x', 'g')\n",
    "no time zone": (
        "from airflow.timetables.trigger import CronTriggerTimetable\n"
        "CronTriggerTimetable('0 0 * * *')\n"
    ),
    "a keyword of Airflow 2": (
        "from airflow.sdk import Variable as V\nV.get('x', default_var='y')\n"
    ),
    "a keyword that is none": "from airflow.datasets import Dataset\nDataset('s3://x', name='n')\n",
}


@pytest.mark.parametrize("code", REFUSED.values(), ids=REFUSED)
def test_a_refused_call_is_a_finding(tmp_path: Path, code: str) -> None:
    found = read(tmp_path, f"{code}with DAG('d'): EmptyOperator(task_id='t')\n")
    assert ("D2Z109", 2) in codes(found)


TAKEN = [
    "from airflow.sdk import Asset\nAsset('n', 's3://x', group='g')\n",
    "from airflow.datasets import Dataset\nDataset('s3://x', {'a': 1})\n",
    "from airflow.sdk import AssetAll, Asset\nAssetAll(Asset('a'), Asset('b'), Asset('c'))\n",
    "from airflow.sdk import Asset\nMORE = {'uri': 's3://x'}\nAsset(name='n', **MORE)\n",
    "from airflow.timetables.trigger import CronTriggerTimetable\n"
    "CronTriggerTimetable('0 0 * * *', timezone='UTC')\n",
    "Label('x')\nVariable.get('x', default_var=None)\n",
]


@pytest.mark.parametrize("code", TAKEN)
def test_others_are_taken(tmp_path: Path, code: str) -> None:
    found = read(tmp_path, f"{code}with DAG('d'): EmptyOperator(task_id='t')\n")
    assert found.error is None and "D2Z109" not in dict(codes(found))


def test_names_that_are_not_in_the_table() -> None:
    assert signature_of("airflow.models.DagRun") is None
    assert signature_of("team.Asset") is None


@pytest.mark.parametrize(
    ("arguments", "refused"),
    [
        ("schedule='@daily', schedule_interval='@hourly'", True),
        ("schedule=None, schedule_interval='@hourly'", False),
        ("schedule_interval=None, schedule='@daily'", False),
    ],
)
def test_one_schedule_at_most(arguments: str, refused: bool, tmp_path: Path) -> None:
    result = read(tmp_path, f"with DAG('d', {arguments}):\n    EmptyOperator(task_id='t')\n")
    assert ("D2Z109" in {item.code for item in result.findings}) is refused
