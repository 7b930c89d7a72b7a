"""ExternalTaskSensor."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.rules.lowered import HEAD, lower, one

MODULE = "airflow.sensors.external_task"
MANUAL = "manual"


def wait(folder: Path, arguments: str) -> list[str]:
    call = f"ExternalTaskSensor(task_id='t', external_dag_id='other', {arguments})"
    lowered = one(folder, MODULE, call)
    assert lowered.untaken == []
    assert MANUAL not in {severity for _, severity in lowered.codes}
    return [text.removeprefix("wait_for_pipeline('other'").lstrip(", ") for text in lowered.texts]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ("external_task_id='x'", "task_id='x')"),
        ("external_task_ids=['x', 'y']", "task_id=['x', 'y'])"),
        ("external_task_ids={'y', 'x'}", "task_id=['x', 'y'])"),
        ("external_task_ids=[]", ")"),
        ("execution_delta=timedelta(minutes=90)", "execution_delta_seconds=5400)"),
        ("execution_delta=timedelta(seconds=0.5)", "execution_delta_seconds=0.5)"),
        ("allowed_states=['success']", ")"),
        ("allowed_states=[State.SUCCESS]", ")"),
        ("allowed_states=['success', 'failed']", "allowed_states=['success', 'failed'])"),
        ("failed_states=[State.FAILED]", "failed_states=['failed'])"),
        (
            "failed_states={'upstream_failed', 'failed'}",
            "failed_states=['failed', 'upstream_failed'])",
        ),
        ("skipped_states=[]", ")"),
        ("timeout=timedelta(hours=1)", "timeout_seconds=3600)"),
        ("timeout=60 * 60", "timeout_seconds=60 * 60)"),
        ("poke_interval=30, mode='reschedule'", "poke_interval_seconds=30)"),
        ("check_existence=True", "check_existence=True)"),
        ("soft_fail=False, deferrable=True, poll_interval=1", ")"),
        ("execution_timeout=timedelta(hours=1)", "timeout_seconds=3600)"),
        ("execution_timeout=timedelta(hours=1), timeout=60", "timeout_seconds=60)"),
        (
            "execution_timeout=timedelta(hours=1), timeout=timedelta(hours=2)",
            "timeout_seconds=3600)",
        ),
        (
            "execution_timeout=timedelta(hours=1), mode='reschedule'",
            "polling=Polling(look_timeout_seconds=3600))",
        ),
        ("external_task_group_id='g'", "task_group_id='g')"),
        ("external_task_group_id='{{ params.group }}'", "task_group_id='{{ params.group }}')"),
        ("execution_date_fn=lambda dt: dt", "execution_date_fn='steps.d.t_execution_date_fn')"),
    ],
)
def test_arguments(arguments: str, expected: str, tmp_path: Path) -> None:
    assert wait(tmp_path, arguments) == [expected]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ("execution_date_fn=State.dates()", "D2Z303"),
        ("mode='sometimes', retries=1", "D2Z303"),
        ("timeout='soon'", "D2Z303"),
        ("timeout=True", "D2Z303"),
        ("allowed_states=State.finished", "D2Z303"),
        ("failed_states=[1]", "D2Z303"),
    ],
)
def test_what_cannot_be_done(arguments: str, code: str, tmp_path: Path) -> None:
    call = f"ExternalTaskSensor(task_id='t', external_dag_id='other', {arguments})"

    lowered = one(tmp_path, MODULE, call)

    assert lowered.texts == []
    assert [found.code for found in lowered.refused] == [code]


@pytest.mark.parametrize("argument", ["soft_fail=True", "skipped_states=['skipped']"])
def test_a_sensor_that_may_be_skipped_needs_a_dynamic_pipeline(
    argument: str, tmp_path: Path
) -> None:
    call = f"ExternalTaskSensor(task_id='t', external_dag_id='other', {argument})"

    assert one(tmp_path, MODULE, call).texts == [
        f"dag.task(wait_for_pipeline, 'other', {argument})"
    ]
    static = one(tmp_path, MODULE, call, config="mode: static\n")
    assert [found.code for found in static.refused] == ["D2Z203"]


def test_marker(tmp_path: Path) -> None:
    call = "ExternalTaskMarker(task_id='t', external_dag_id='o', external_task_id='x')"

    lowered = one(tmp_path, MODULE, call)

    assert lowered.texts == ["do_nothing()"]
    assert lowered.untaken == []
    assert {severity for _, severity in lowered.codes} == {"info"}


def test_a_pipeline_of_another_file_must_exist(tmp_path: Path) -> None:
    lowered = one(tmp_path, MODULE, "ExternalTaskSensor(task_id='t', external_dag_id='other')")

    assert lowered.codes == [("D2Z312", "warning")]


def test_a_dag_of_the_same_file_is_there(tmp_path: Path) -> None:
    text = (
        f"{HEAD}from {MODULE} import ExternalTaskSensor\n"
        'with DAG("a", start_date=datetime(2024, 1, 1), schedule=None):\n'
        '    ExternalTaskSensor(task_id="t", external_dag_id="a")\n'
    )

    assert lower(tmp_path, text).codes == []
