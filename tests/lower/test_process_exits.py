"""Callables that may end their process."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.lower.emitted_body import HEAD, WITH, module_of

CALL = '    PythonOperator(task_id="a", python_callable=leave)\n'


@pytest.mark.parametrize(
    "body",
    [
        "import sys\n    sys.exit(1)",
        "from sys import exit\n    exit()",
        "quit(2)",
        "raise SystemExit('no')",
        "below()",
    ],
)
def test_a_function_that_may_exit_is_called_by_a_step(body: str, tmp_path: Path) -> None:
    text = f"""{HEAD}from airflow.operators.python import PythonOperator

def below():
    raise SystemExit(3)

def leave():
    {body}

{WITH}{CALL}"""
    assert 'leave_step(id="a")' in module_of(tmp_path, text)


def test_any_other_function_is_the_step_itself(tmp_path: Path) -> None:
    text = f"""{HEAD}from airflow.operators.python import PythonOperator
import sys

def leave():
    print(sys.argv)

{WITH}{CALL}"""
    assert '    leave(id="a")' in module_of(tmp_path, text)
