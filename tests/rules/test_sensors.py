"""Sensors: what differs from one to the next."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.rules.lowered import HEAD, Lowered, lower, one

PATHS = {
    "airflow.sensors.python": "PythonSensor(task_id='t', python_callable=print)",
    "airflow.contrib.sensors.file_sensor": "FileSensor(task_id='t', filepath='/x')",
    "airflow.providers.standard.sensors.bash": "BashSensor(task_id='t', bash_command='true')",
    "airflow.operators.sensors": "HttpSensor(task_id='t', endpoint='x')",
    "airflow.sensors.s3_key_sensor": "S3KeySensor(task_id='t', bucket_key='s3://b/k')",
    "airflow.sensors.time_delta": "TimeDeltaSensorAsync(task_id='t', delta=timedelta(hours=1))",
}


def good(folder: Path, import_: str, call: str) -> str:
    lowered = one(folder, import_, call)
    assert (lowered.refused, lowered.untaken) == ([], [])
    (text,) = lowered.texts
    return text.replace("'", '"')


def refused(folder: Path, import_: str, call: str) -> list[str]:
    lowered: Lowered = one(folder, import_, call)
    assert lowered.texts == []
    return [found.code for found in lowered.refused]


@pytest.mark.parametrize("module", PATHS)
def test_old_and_new_paths(module: str, tmp_path: Path) -> None:
    lowered = one(tmp_path, module, PATHS[module])

    assert len(lowered.calls) + len(lowered.refused) == 1


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("'{{ ds }}'", '"{{ ds }}"'),
        ("datetime(2024, 5, 1)", '"2024-05-01T00:00:00"'),
        ("'2024-05-01T02:00:00+02:00'", '"2024-05-01T02:00:00+02:00"'),
    ],
)
def test_moment(target: str, expected: str, tmp_path: Path) -> None:
    call = f"DateTimeSensor(task_id='t', target_time={target})"

    assert good(tmp_path, "airflow.sensors.date_time", call) == f"wait_until({expected})"


def test_time_of_day_in_utc(tmp_path: Path) -> None:
    call = "TimeSensor(task_id='t', target_time=datetime(2024, 1, 1, 6).time())"

    assert good(tmp_path, "airflow.sensors.time_sensor", call) == 'wait_until_time("06:00:00")'


def test_times_that_are_not_known(tmp_path: Path) -> None:
    late = "TimeSensor(task_id='t', target_time='06:00')"
    delta = "TimeDeltaSensor(task_id='t', delta='1h')"

    assert refused(tmp_path, "airflow.sensors.time_sensor", late) == ["D2Z303"]
    assert refused(tmp_path, "airflow.sensors.time_delta", delta) == ["D2Z303"]


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        ("'Monday'", '"Monday"'),
        ("['Monday', 'Tuesday']", '["Monday", "Tuesday"]'),
        ("{'tuesday', 'monday'}", '["monday", "tuesday"]'),
    ],
)
def test_days_of_the_week(days: str, expected: str, tmp_path: Path) -> None:
    call = f"DayOfWeekSensor(task_id='t', week_day={days}, use_task_execution_day=True)"

    text = good(tmp_path, "airflow.sensors.weekday", call)

    assert text == f"wait_for_weekday({expected}, use_logical_date=True)"


def test_days_that_are_not_known(tmp_path: Path) -> None:
    call = "DayOfWeekSensor(task_id='t', week_day=[1])"

    assert refused(tmp_path, "airflow.sensors.weekday", call) == ["D2Z303"]


def test_folder_of_a_connection(tmp_path: Path) -> None:
    call = "FileSensor(task_id='t', filepath='in/*', recursive=True, fs_conn_id='fs_exports')"

    lowered = one(tmp_path, "airflow.sensors.filesystem", call)

    assert lowered.texts == ["wait_for_file('in/*', recursive=True, connection='fs_exports')"]
    connection = {"type": "fs", "extra": {"path": "${FS_EXPORTS_PATH}"}}
    assert lowered.config["connections"] == {"fs_exports": connection}
    assert ("D2Z308", "warning") in lowered.codes


@pytest.mark.parametrize(
    ("import_", "call"),
    [
        (
            "airflow.sensors.filesystem",
            "FileSensor(task_id='t', filepath='/x', fs_conn_id=State.x())",
        ),
        (
            "airflow.providers.amazon.aws.sensors.s3",
            "S3KeySensor(task_id='t', bucket_key='k', aws_conn_id=State.x())",
        ),
        (
            "airflow.providers.http.sensors.http",
            "HttpSensor(task_id='t', endpoint='x', http_conn_id=State.x())",
        ),
        (
            "airflow.providers.common.sql.sensors.sql",
            "SqlSensor(task_id='t', sql='SELECT 1', conn_id=State.x())",
        ),
        (
            "airflow.providers.common.sql.sensors.sql",
            "SqlSensor(task_id='t', sql='SELECT 1', conn_id='snowflake', success=State.x())",
        ),
    ],
)
def test_what_cannot_be_done(import_: str, call: str, tmp_path: Path) -> None:
    assert refused(tmp_path, import_, call) == ["D2Z303"]


def test_defaults_are_not_said(tmp_path: Path) -> None:
    s3 = "S3KeySensor(task_id='t', bucket_key=['s3://b/1', 's3://b/2'], aws_conn_id='aws_default')"
    http = "HttpSensor(task_id='t', endpoint='x', http_conn_id='http_default', tcp_keep_alive=True)"

    assert good(tmp_path, "airflow.providers.amazon.aws.sensors.s3", s3) == (
        'wait_for_s3_key(["s3://b/1", "s3://b/2"])'
    )
    assert good(tmp_path, "airflow.providers.http.sensors.http", http) == 'wait_for_http("x")'


def test_functions_go_into_the_steps_module(tmp_path: Path) -> None:
    call = (
        "SqlSensor(task_id='t', sql='SELECT 1', conn_id='snowflake_etl', fail_on_empty=True, "
        "selector=lambda row: row[1], failure=lambda value: value < 0, success=bool)"
    )

    lowered = one(tmp_path, "airflow.providers.common.sql.sensors.sql", call)

    assert lowered.texts == [
        "wait_for_sql('d/t.sql', connection='snowflake_etl', fail_on_empty=True, "
        "success='builtins.bool', failure='steps.d.t_failure', selector='steps.d.t_selector')"
    ]
    assert "def t_failure(value):" in lowered.steps
    assert "def t_selector(row):" in lowered.steps


def test_poke_return_value_of_the_runtime(tmp_path: Path) -> None:
    text = (
        f"{HEAD}from airflow.decorators import task\n"
        "from airflow.sensors.base import PokeReturnValue\n"
        'with DAG("d", start_date=datetime(2024, 1, 1), schedule=None):\n'
        "    @task.sensor(timeout=60)\n"
        "    def look():\n"
        "        return PokeReturnValue(is_done=True, xcom_value=1)\n"
        "    look()\n"
    )

    lowered = lower(tmp_path, text)

    assert lowered.refused == []
    assert "return poll_python(look, timeout_seconds=60)" in lowered.steps
