"""`run_bash` against real shells."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from runtime.exceptions import CommandFailedError, SkipTask, TaskTimeoutError
from runtime.steps import run_bash

InStep = Callable[[Callable[[], Any]], Any]


def test_last_line_is_the_result_and_templates_are_rendered(in_step: InStep) -> None:
    command = "echo first; echo '{{ ds }} {{ params.market }}  ' >&2"
    assert in_step(lambda: run_bash(command)) == "2024-01-02 BE"


def test_silence_is_an_empty_text(in_step: InStep) -> None:
    assert in_step(lambda: run_bash("true")) == ""


def test_environment_is_inherited_replaced_or_extended(
    in_step: InStep, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INHERITED", "yes")
    show = 'echo "${INHERITED:-no} ${MARKET:-no} $AIRFLOW_CTX_TASK_ID $AIRFLOW_CTX_DAG_ID"'
    env = {"MARKET": "{{ params.market }}"}

    def three_ways() -> list[str]:
        return [run_bash(show), run_bash(show, env=env), run_bash(show, env=env, append_env=True)]

    assert in_step(three_ways) == [
        "yes no probe-task probe-dag",
        "no BE probe-task probe-dag",
        "yes BE probe-task probe-dag",
    ]


def test_working_directory(in_step: InStep, tmp_path: Path) -> None:
    own, given = in_step(lambda: [run_bash("pwd"), run_bash("pwd", cwd=str(tmp_path))])
    assert Path(given).resolve() == tmp_path.resolve()
    assert not Path(own).exists()


def test_missing_working_directory(in_step: InStep, tmp_path: Path) -> None:
    with pytest.raises(CommandFailedError, match="is not a folder"):
        in_step(lambda: run_bash("pwd", cwd=str(tmp_path / "none")))


def test_exit_code_fails_the_step(in_step: InStep) -> None:
    with pytest.raises(CommandFailedError, match="exit code 3.*'last words'"):
        in_step(lambda: run_bash("echo last words; exit 3"))


@pytest.mark.parametrize(
    ("codes", "code"), [(99, 99), (7, 7), ([7, 8], 8)], ids=["default", "own", "one of several"]
)
def test_skip_codes_say_that_skipping_needs_a_dynamic_pipeline(
    in_step: InStep, codes: int | list[int], code: int
) -> None:
    with pytest.raises(SkipTask, match="needs a dynamic pipeline"):
        in_step(lambda: run_bash(f"exit {code}", skip_on_exit_code=codes))


def test_without_skip_codes_99_is_a_failure(in_step: InStep) -> None:
    with pytest.raises(CommandFailedError, match="exit code 99"):
        in_step(lambda: run_bash("exit 99", skip_on_exit_code=None))


def test_timeout_stops_the_command_and_its_children(in_step: InStep, tmp_path: Path) -> None:
    pid_file = tmp_path / "pid"
    command = f"sleep 600 & echo $! > {pid_file}; wait"
    for seconds in (0.5, 5, 50):  # A busy machine may not even start the command.
        with pytest.raises(TaskTimeoutError, match=f"{seconds} s"):
            in_step(partial(run_bash, command, timeout_seconds=seconds))
        if pid_file.exists() and pid_file.read_text():
            break
    child = int(pid_file.read_text())
    # What was killed stays in the table until its new parent, process 1, has taken note of it.
    with pytest.raises(ProcessLookupError):
        for _ in range(600):
            os.kill(child, 0)
            time.sleep(0.1)
