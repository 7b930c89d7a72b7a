"""The arguments that every sensor has."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.rules.lowered import HEAD, lower, one

MODULE = "airflow.sensors.filesystem"
STATIC = "mode: static\n"


def arguments_of(folder: Path, arguments: str) -> str:
    """What a FileSensor with these arguments becomes."""
    lowered = one(folder, MODULE, f"FileSensor(task_id='t', filepath='/x', {arguments})")
    assert (lowered.refused, lowered.untaken) == ([], [])
    (text,) = lowered.texts
    return text.partition("'/x'")[2].removeprefix(", ")


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        pytest.param("", ")", id="nothing is said that is Airflow's default anyway"),
        ("poke_interval=30", "poke_interval_seconds=30)"),
        ("poke_interval=timedelta(minutes=2)", "poke_interval_seconds=120)"),
        ("timeout=timedelta(hours=1)", "timeout_seconds=3600)"),
        ("soft_fail=True", "soft_fail=True)"),
        ("soft_fail=False, never_fail=False", ")"),
        ("never_fail=True", "polling=Polling(never_fail=True))"),
        ("silent_fail=True", "polling=Polling(silent_fail=True))"),
        ("exponential_backoff=True", "polling=Polling(exponential_backoff=True))"),
        (
            "exponential_backoff=True, max_wait=timedelta(minutes=5)",
            "polling=Polling(exponential_backoff=True, max_wait_seconds=300))",
        ),
        pytest.param("max_wait=60", ")", id="max_wait means nothing without a backoff"),
        pytest.param("mode='reschedule'", ")", id="the mode means nothing without retries"),
        pytest.param(
            "mode='reschedule', retries=2",
            "polling=Polling(timeout_spans_retries=True))",
            id="the timeout spans the retries",
        ),
        pytest.param("mode='poke', retries=2", ")", id="the timeout starts anew with each retry"),
        ("execution_timeout=timedelta(minutes=1)", "timeout_seconds=60)"),
        (
            "execution_timeout=timedelta(minutes=1), retries=1",
            "polling=Polling(execution_timeout_seconds=60))",
        ),
        (
            "execution_timeout=timedelta(minutes=1), soft_fail=True",
            "soft_fail=True, polling=Polling(execution_timeout_seconds=60))",
        ),
        (
            "execution_timeout=timedelta(minutes=1), mode='reschedule'",
            "polling=Polling(look_timeout_seconds=60))",
        ),
        pytest.param(
            "deferrable=True, start_from_trigger=True, trigger_kwargs={}",
            ")",
            id="a step waits in its own process",
        ),
    ],
)
def test_arguments(arguments: str, expected: str, tmp_path: Path) -> None:
    assert arguments_of(tmp_path, arguments) == expected


@pytest.mark.parametrize(
    "argument",
    [
        "soft_fail=State.finished",
        "poke_interval='soon'",
        "mode='later', retries=1",
        "max_wait=True",
    ],
)
def test_what_is_not_known_gives_the_task_up(argument: str, tmp_path: Path) -> None:
    lowered = one(tmp_path, MODULE, f"FileSensor(task_id='t', filepath='/x', {argument})")

    assert lowered.texts == []
    assert [found.code for found in lowered.refused] == ["D2Z303"]


@pytest.mark.parametrize("argument", ["soft_fail=True", "never_fail=True"])
def test_a_skip_needs_a_dynamic_pipeline(argument: str, tmp_path: Path) -> None:
    call = f"FileSensor(task_id='t', filepath='/x', {argument})"

    assert one(tmp_path, MODULE, call).dynamic
    static = one(tmp_path, MODULE, call, config=STATIC)
    assert [found.code for found in static.refused] == ["D2Z203"]
    assert not one(tmp_path, MODULE, call.replace("True", "False"), config="").dynamic


def test_constants_of_the_file_stay_in_the_pipeline_module(tmp_path: Path) -> None:
    text = (
        f"{HEAD}from {MODULE} import FileSensor\nfrom airflow.sensors.python import PythonSensor\n"
        "POKE = 5\nLONGEST = timedelta(minutes=1)\n"
        "def is_there():\n    return True\n"
        'with DAG("d", start_date=datetime(2024, 1, 1), schedule=None):\n'
        '    FileSensor(task_id="f", filepath="/x", poke_interval=POKE)\n'
        '    PythonSensor(task_id="p", python_callable=is_there, poke_interval=POKE,\n'
        "        exponential_backoff=True, max_wait=LONGEST)\n"
    )

    lowered = lower(tmp_path, text)

    assert lowered.texts == [
        'wait_for_file("/x", poke_interval_seconds=POKE)',
        "is_there_step()",
    ]
    assert "POKE" not in lowered.steps
    assert "poke_interval_seconds=5" in lowered.steps
    assert "max_wait_seconds=60" in lowered.steps
