"""BashOperator."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.rules.lowered import one

MODULE = "airflow.operators.bash"


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ("'echo 1'", "run_bash('echo 1')"),
        (
            "'echo 1', cwd='/srv', append_env=True",
            "run_bash('echo 1', append_env=True, cwd='/srv')",
        ),
        ("'echo 1', output_encoding='utf-8'", "run_bash('echo 1', output_encoding='utf-8')"),
        ("'echo 1', output_encoding='latin-1'", "run_bash('echo 1', output_encoding='latin-1')"),
        ("'echo 1', skip_on_exit_code=99", "run_bash('echo 1')"),
        ("'echo 1', skip_on_exit_code=None", "run_bash('echo 1', skip_on_exit_code=None)"),
        ("'echo 1', env=None", "run_bash('echo 1')"),
    ],
)
def test_arguments(arguments: str, expected: str, tmp_path: Path) -> None:
    lowered = one(tmp_path, MODULE, f"BashOperator(task_id='t', bash_command={arguments})")

    assert lowered.texts == [expected]
    assert (lowered.untaken, lowered.codes) == ([], [])


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ("'exit 99'", "'exit 99'"),
        ("'exit 3', skip_on_exit_code=3", "'exit 3', skip_on_exit_code=3"),
        ("'x', skip_on_exit_code=[3, 4]", "'x', skip_on_exit_code=[3, 4]"),
        ("'x', skip_exit_code=7", "'x', skip_on_exit_code=7"),
    ],
)
def test_a_command_that_may_skip_needs_the_scheduler(
    arguments: str, expected: str, tmp_path: Path
) -> None:
    call = f"BashOperator(task_id='t', bash_command={arguments})"

    lowered = one(tmp_path, MODULE, call)
    static = one(tmp_path, MODULE, call, "mode: static")

    assert (lowered.texts, lowered.codes) == ([f"dag.task(run_bash, {expected})"], [])
    assert static.texts == [f"run_bash({expected})"]
    assert static.codes == [("D2Z203", "manual")]


def test_a_script_is_taken_over_as_text(tmp_path: Path) -> None:
    call = "BashOperator(task_id='t', bash_command='scripts/load.sh')"

    lowered = one(tmp_path, MODULE, call, scripts__load_dot_sh="echo {{ ds }}\n")

    assert lowered.texts == ["run_bash('echo {{ ds }}\\n')"]


def test_a_missing_script_stops_the_task(tmp_path: Path) -> None:
    lowered = one(tmp_path, MODULE, "BashOperator(task_id='t', bash_command='load.sh')")

    assert (lowered.texts, lowered.codes) == ([], [("D2Z401", "manual")])


def test_a_trailing_blank_makes_it_a_command(tmp_path: Path) -> None:
    lowered = one(tmp_path, MODULE, "BashOperator(task_id='t', bash_command='load.sh ')")

    assert lowered.texts == ["run_bash('load.sh ')"]


def test_what_the_rule_does_not_know_is_left(tmp_path: Path) -> None:
    call = "BashOperator(task_id='t', bash_command='x', other=print, params={'a': 1})"

    assert one(tmp_path, MODULE, call).untaken == ["other", "params"]


def test_a_function_may_process_the_output(tmp_path: Path) -> None:
    call = "BashOperator(task_id='t', bash_command='x', output_processor=len)"

    assert one(tmp_path, MODULE, call).texts == ["run_bash('x', output_processor='builtins.len')"]


def test_the_command_is_needed(tmp_path: Path) -> None:
    assert one(tmp_path, MODULE, "BashOperator(task_id='t')").codes == [("D2Z303", "manual")]
