"""Constants, locals and imports that emitted expressions bring along."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.lower.emitted_body import HEAD, body_of, constants_of, module_of

TASK = 'BashOperator(task_id="t", bash_command={})'
CONSTANTS = {
    "with its comments": (
        '# where the data lies\nBUCKET = "s3://x"  # read only\n',
        'f"ls {BUCKET}"',
        '# where the data lies\nBUCKET = "s3://x"  # read only',
    ),
    "with what it is made of": (
        'HOST = "db"\nPORT = 5432\nURL = f"{HOST}:{PORT}"\n',
        "URL",
        'HOST = "db"\nPORT = 5432\nURL = f"{HOST}:{PORT}"',
    ),
    "from the environment": (
        'import os\nHOME_DIR = os.environ.get("HOME_DIR", "x")\n',
        "HOME_DIR",
        'HOME_DIR = os.environ.get("HOME_DIR", "x")',
    ),
    "with a type": ('NAME: str = "a"\n', "NAME", 'NAME = "a"'),
}
LITERAL = {
    "bound twice": 'NAME = "a"\nNAME = "b"\n',
    "changed in place": 'NAMES = ["a"]\nNAMES.append("b")\nNAME = NAMES[1]\n',
    "by a function of the project": 'def name():\n    return "b"\n\nNAME = name()\n',
    "a name that the module needs itself": 'run = "b"\n',
}


@pytest.mark.parametrize(("before", "command", "expected"), CONSTANTS.values(), ids=CONSTANTS)
def test_constant_is_kept(tmp_path: Path, before: str, command: str, expected: str) -> None:
    assert constants_of(tmp_path, TASK.format(command), before) == expected


@pytest.mark.parametrize("before", LITERAL.values(), ids=LITERAL)
def test_literal_instead(tmp_path: Path, before: str) -> None:
    name = "run" if before.startswith("run") else "NAME"
    assert body_of(tmp_path, TASK.format(name), before) == 'run_bash("b", id="t")'


def test_constant_of_another_module_of_the_project(tmp_path: Path) -> None:
    (tmp_path / "settings.py").write_text('REGION = "eu" + "-1"\n', encoding="utf-8")
    before = "from settings import REGION\n"
    assert constants_of(tmp_path, TASK.format("REGION"), before) == 'REGION = "eu-1"'


VARIABLES = {
    "alone": ("ENV", "\"{{ var.value.get('env', 'dev') }}\""),
    "in an f-string": ('f"echo {ENV}"', "f\"echo {{{{ var.value.get('env', 'dev') }}}}\""),
    "beside a constant": (
        'f"{BUCKET} {ENV}"',
        "f\"{BUCKET} {{{{ var.value.get('env', 'dev') }}}}\"",
    ),
}


@pytest.mark.parametrize(("command", "expected"), VARIABLES.values(), ids=VARIABLES)
def test_variable_becomes_a_template(tmp_path: Path, command: str, expected: str) -> None:
    before = 'from airflow.models import Variable\nENV = Variable.get("env", default_var="dev")\nBUCKET = "b"\n'
    assert body_of(tmp_path, TASK.format(command), before) == f'run_bash({expected}, id="t")'


def test_variable_that_no_template_has_is_reported(tmp_path: Path) -> None:
    before = 'from airflow.models import Variable\nSIZE = int(Variable.get("size"))\n'
    assert "not_translated" in body_of(tmp_path, TASK.format('f"x {SIZE}"'), before)


def test_factory_parameters_become_locals(tmp_path: Path) -> None:
    text = HEAD + """
def make(country, hour):
    with DAG(f"score_{country}", start_date=datetime(2024, 1, 1), schedule=f"0 {hour} * * *") as dag:
        for part in ("a", "b"):
            BashOperator(task_id=part, bash_command=f"score {country} {part}")
    return dag

globals()["score"] = make("be", 3)
"""
    module = module_of(tmp_path, text)
    assert '    country = "be"\n    for part in ("a", "b"):\n' in module
    assert 'run_bash(f"score {country} {part}", id=part)' in module


def test_parameter_of_a_dag_function_is_a_param_of_the_run(tmp_path: Path) -> None:
    text = HEAD + """
from airflow.decorators import dag

@dag(start_date=datetime(2024, 1, 1), schedule=None)
def flow(limit: int = 5):
    BashOperator(task_id="t", bash_command=limit)

flow()
"""
    assert 'run_bash(run.params["limit"], id="t")' in module_of(tmp_path, text)
