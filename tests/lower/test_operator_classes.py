"""Operators that a project wrote itself, and what of them has no equivalent."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.lower.test_callable_environment import Emitted

CLASS = """\
from airflow.models import BaseOperator, Variable
from airflow.sensors.base import BaseSensorOperator
{imports}

class LoadTableOperator({base}):
    template_fields = ("table",)
    template_ext = (".sql",)

    def __init__(self, table=None, retries=3, **kwargs):
        super().__init__(retries=retries, **kwargs)
        self.table = table

    def {method}(self, context):
        {body}

"""


def emitted(
    folder: Path,
    tasks: str,
    *,
    body: str = "return self.table",
    base: str = "BaseOperator",
    imports: str = "",
    arguments: str = "",
) -> Emitted:
    method = "poke" if "Sensor" in base else "execute"
    before = CLASS.format(base=base, method=method, body=body, imports=imports)
    return Emitted(folder, before, tasks, arguments)


def test_the_class_is_taken_over_with_what_it_is_called_with(tmp_path: Path) -> None:
    found = emitted(
        tmp_path,
        'LoadTableOperator(task_id="load", table="{{ ds }}", pool_slots=1, owner="me")',
    )
    assert found.codes == []
    assert "class LoadTableOperator(BaseOperator):" in found.steps
    assert "return run_operator(LoadTableOperator, table=table)" in found.steps
    assert 'load_table_operator(table="{{ ds }}", id="load")' in found.body


def test_parameters_that_every_operator_has_are_passed_where_the_class_names_them(
    tmp_path: Path,
) -> None:
    found = emitted(tmp_path, 'LoadTableOperator(task_id="load", retries=1)')
    assert "run_operator(LoadTableOperator, retries=retries)" in found.steps
    assert "load_table_operator(retries=1" in found.body


def test_default_args_reach_what_the_class_names(tmp_path: Path) -> None:
    found = emitted(
        tmp_path,
        'LoadTableOperator(task_id="load")',
        arguments=', default_args={"table": "orders", "other": 1}',
    )
    assert 'load_table_operator(table="orders"' in found.body.replace("with_options(retry=", "")


def test_files_that_template_fields_name(tmp_path: Path) -> None:
    (tmp_path / "count.sql").write_text("SELECT {{ ds }}", encoding="utf-8")
    found = emitted(tmp_path, 'LoadTableOperator(task_id="load", table="count.sql")')
    assert "SELECT {{ ds }}" in found.body


def test_functions_as_arguments(tmp_path: Path) -> None:
    found = emitted(
        tmp_path,
        'LoadTableOperator(task_id="load", table=len)\n'
        'LoadTableOperator(task_id="more", table=lambda x: x + 1)',
    )
    assert "run_operator(LoadTableOperator, table=len)" in found.steps
    assert "def table(x):" in found.steps


def test_execution_timeout_is_a_limit_of_the_step_or_of_the_wait(tmp_path: Path) -> None:
    tasks = 'from datetime import timedelta\nLoadTableOperator(task_id="load", execution_timeout=timedelta(seconds=9))'
    operator = emitted(tmp_path, tasks)
    assert "@timeout(seconds=9)" in operator.steps
    sensor = emitted(tmp_path, tasks, base="BaseSensorOperator", body="return True")
    assert "execution_timeout=dt.timedelta(seconds=9)" in sensor.steps.replace("\n", "")


def test_a_sensor_that_may_skip_needs_a_dynamic_pipeline(tmp_path: Path) -> None:
    found = emitted(
        tmp_path,
        'LoadTableOperator(task_id="load", soft_fail=True)',
        base="BaseSensorOperator",
        body="return True",
    )
    assert "dag.task(" in found.body


MISSING = {
    "a method of Airflow's base": ("self.defer(trigger=None, method_name='x')", "defer"),
    "a relation": ("return self.downstream_list", "downstream_list"),
    "a part of Airflow": ("return Variable.set('a', 1)", "Variable.set"),
    "a method of super": ("return super().get_template_env()", "get_template_env"),
}


@pytest.mark.parametrize(("body", "name"), MISSING.values(), ids=MISSING)
def test_what_has_no_equivalent_is_reported_at_its_line(
    body: str, name: str, tmp_path: Path
) -> None:
    found = emitted(tmp_path, 'LoadTableOperator(task_id="load")', body=body)
    assert found.codes == ["D2Z304"]
    assert name in found.findings[0].message
    line = (tmp_path / "probe.py").read_text().splitlines()[found.findings[0].span.line - 1]
    assert body in line


KNOWN = {
    "what the class sets": "self.rows: int = 1\n        return self.rows",
    "several at once": "self.a, self.b = 1, 2\n        return self.a + self.b",
    "in a loop": "for self.i in range(3):\n            pass\n        return self.i",
    "by with": "with open(self.table) as self.file:\n            return self.file.read()",
    "the walrus": "self.n = 0\n        self.n += 1\n        return (m := self.n) and self.template_fields",
    "of another class": "return Other().x(self.log)",
}


@pytest.mark.parametrize("body", KNOWN.values(), ids=KNOWN)
def test_what_the_class_has_of_its_own_is_not(body: str, tmp_path: Path) -> None:
    other = "class Other:\n    def x(self, log):\n        return self.unknown\n"
    found = emitted(tmp_path, 'LoadTableOperator(task_id="load")', body=body, imports=other)
    assert found.codes == []


def test_own_work_over_another_operator_has_no_rule(tmp_path: Path) -> None:
    imports = "from airflow.operators.email import EmailOperator"
    found = emitted(
        tmp_path, 'LoadTableOperator(task_id="load")', base="EmailOperator", imports=imports
    )
    assert found.codes == ["D2Z301"]


NOTIFIER = """\
from airflow import exceptions, models
from airflow.notifications.basenotifier import BaseNotifier

class Tell(BaseNotifier):
    def __init__(self, text):
        self.text = text

    def notify(self, context):
        print(self.text)

def fail():
    raise exceptions.AirflowFailException(models.Variable.get("reason"))

def wrong():
    models.Variable.set("a", 1)

def gone():
    exceptions.NoSuchThing()
"""


def test_a_notifier_of_the_project_is_called(tmp_path: Path) -> None:
    tasks = "PythonOperator(task_id='t', python_callable=fail, on_failure_callback=Tell('no'))"
    found = Emitted(tmp_path, NOTIFIER, tasks, ", on_success_callback=Tell(text='yes')")
    assert "D2Z310" not in found.codes
    assert "Tell('no')(failure_context(exception))" in found.steps.replace('"', "'")
    assert "raise AirflowFailException(" in found.steps
    assert "reason" in found.config
    assert "on_success=Tell(text='yes')" in found.body.replace('"', "'")


@pytest.mark.parametrize("name", ["wrong", "gone"])
def test_members_of_modules_without_equivalent(name: str, tmp_path: Path) -> None:
    found = Emitted(tmp_path, NOTIFIER, f"PythonOperator(task_id='t', python_callable={name})")
    assert found.codes == ["D2Z304"]


def test_loop_variables_as_defaults_keep_their_values(tmp_path: Path) -> None:
    tasks = """\
    for n in range(2):
        PythonOperator(task_id=f"t{n}", python_callable=lambda n=n, start=START: [n, start])
    """
    found = Emitted(tmp_path, "", tasks)
    assert found.codes == []
    assert "n=0, start=START" in found.steps
    assert "n=1, start=START" in found.steps
