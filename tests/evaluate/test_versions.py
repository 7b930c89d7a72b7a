"""Code that asks for Airflow's version, or whether a package is there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.evaluate.reading import codes, read, value_of
from transpiler.evaluate.airflow_paths import canonical
from transpiler.evaluate.versions import Version, parse_version

SWITCH = (
    "from airflow.providers.amazon.version_compat import AIRFLOW_V_2_9_PLUS, AIRFLOW_V_3_0_PLUS\n"
)
SDK = "from airflow.sdk import Asset\n"


@pytest.mark.parametrize(("imports", "expected"), [("", [True, False]), (SDK, [True, True])])
def test_switches(tmp_path: Path, imports: str, expected: list[bool]) -> None:
    code = f"{imports}{SWITCH}x = [AIRFLOW_V_2_9_PLUS, AIRFLOW_V_3_0_PLUS]\n"
    assert value_of(tmp_path, code) == expected


def test_a_switch_as_an_attribute(tmp_path: Path) -> None:
    code = "from airflow.providers.x import version_compat as v\nx = not v.AIRFLOW_V_3_0_PLUS\n"
    assert value_of(tmp_path, code) is True


def test_only_what_a_switch_decides_is_said(tmp_path: Path) -> None:
    code = f"""{SWITCH}
if AIRFLOW_V_3_0_PLUS:
    from airflow.sdk import task
elif AIRFLOW_V_2_9_PLUS:
    from airflow.decorators import task
else:
    import old
with DAG("d"):
    if AIRFLOW_V_3_0_PLUS:
        EmptyOperator(task_id="new")
    @task
    def t(): pass
    t()
"""
    found = read(tmp_path, code)
    assert codes(found) == [("D2Z121", 10)]
    assert [(item.task_id) for item in found.dags[0].tasks] == ["new", "t"]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("Version(__version__) >= Version('2.4')", True),
        ("Version(__version__).major", 2),
        ("parse('v3.1.2rc1').release", (3, 1, 2)),
        ("parse('3').base_version", "3.0.0"),
        ("parse(Version('1.2').base_version) < Version('1.10')", True),
    ],
)
def test_version_objects(tmp_path: Path, expression: str, expected: Any) -> None:
    head = "from airflow import __version__\nfrom packaging.version import Version, parse\n"
    assert value_of(tmp_path, f"{head}x = {expression}\n") == expected


def test_what_is_no_version() -> None:
    assert parse_version("2.10.5") == Version(2, 10, 5)
    with pytest.raises(ValueError, match="Invalid version"):
        parse_version("dev")


def test_an_optional_package_is_taken_to_be_there(tmp_path: Path) -> None:
    code = """
try:
    from kubernetes.client import models as k8s
except ImportError:
    k8s = None
try:
    import json
except ImportError:
    json = None
try:
    from airflow.sdk import task
except ImportError:
    from airflow.decorators import task
with DAG("d"):
    if k8s:
        EmptyOperator(task_id="pod")
    if json is not None:
        EmptyOperator(task_id="json")
"""
    found = read(tmp_path, code)
    assert codes(found) == [("D2Z121", 3)]
    assert [task.task_id for task in found.dags[0].tasks] == ["pod", "json"]


def test_a_constant_of_an_outside_module_is_not_known(tmp_path: Path) -> None:
    code = "from airflow.settings import USE_IT_ALL\nwith DAG('d'):\n    if USE_IT_ALL:\n"
    found = read(tmp_path, code + "        EmptyOperator(task_id='t')\n")
    assert codes(found) == [("D2Z110", 3)]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("airflow.providers.common.compat.sdk.DAG", "airflow.sdk.DAG"),
        ("airflow.providers.common.compat.sdk.timezone.datetime", "airflow.sdk.timezone.datetime"),
        ("airflow.providers.common.compat.standard.operators.bash.BashOperator",
         "airflow.providers.standard.operators.bash.BashOperator"),
        ("airflow.sdk.definitions.taskgroup.TaskGroup", "airflow.sdk.TaskGroup"),
        ("airflow.sdk.bases.operator.chain", "airflow.sdk.chain"),
        ("airflow.sdk.definitions.other.Thing", "airflow.sdk.definitions.other.Thing"),
        ("airflow.decorators.setup_teardown.setup_task", "airflow.decorators.setup"),
        ("airflow.providers.docker.decorators.docker.docker_task", "airflow.decorators.task.docker"),
        ("airflow.utils.dates.datetime", "datetime.datetime"),
        ("mylib.airflow.sdk.DAG", "mylib.airflow.sdk.DAG"),
    ],
)  # fmt: skip
def test_one_name_for_each_thing(name: str, expected: str) -> None:
    assert canonical(name) == expected
