"""Whole DAG files through reading, lowering and emitting: what the emitted code says."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from transpiler.batch.job import Job, Request, process
from transpiler.config import MigrationConfig
from transpiler.lower.shown_code import shortened
from transpiler.report.result import FileResult

HEAD = """\
import os
from datetime import datetime, timedelta
from airflow import DAG
from airflow.decorators import task
from airflow.operators.bash import BashOperator
from airflow.operators.python import PythonOperator
from helpers import *

ARGS = dict(start_date=datetime(2024, 1, 1), schedule=None)
"""


def emitted(folder: Path, text: str, helpers: str = "") -> FileResult:
    """The result of a DAG file of HEAD and this text, beside a module `helpers`."""
    (folder / "helpers.py").write_text(textwrap.dedent(helpers), encoding="utf-8")
    (folder / "dag.py").write_text(HEAD + textwrap.dedent(text), encoding="utf-8")
    job = Job(folder, MigrationConfig(), (), True)
    result = process(Request(folder / "dag.py"), job)
    assert result.error is None, result.findings
    return result


def pipeline(result: FileResult) -> str:
    """The text of the pipeline module, from its constants on."""
    (name,) = (name for name in result.files if name.startswith("pipelines/d"))
    return result.files[name]


def codes(result: FileResult) -> list[str]:
    """Codes of the manual findings of the one DAG."""
    return [f.code for f in result.pipelines[0].findings if f.severity == "manual"]


def test_a_result_that_no_step_takes_has_no_name(tmp_path: Path) -> None:
    result = emitted(
        tmp_path,
        """
        with DAG("d", **ARGS):
            @task
            def extract():
                return 1
            found = extract()
            BashOperator(task_id="show", bash_command="echo", env={"X": found})
        """,
    )
    text = pipeline(result)
    assert '\n    extract(id="extract")\n' in text
    assert '{"X": "{{ ti.xcom_pull(task_ids=\'extract\') }}"}' in text.replace("'X'", '"X"')
    assert 'after=["extract"]' in text
    assert "D2Z231" in {found.code for found in result.pipelines[0].findings}


def test_a_result_that_a_later_turn_takes_keeps_its_name(tmp_path: Path) -> None:
    result = emitted(
        tmp_path,
        """
        with DAG("d", **ARGS):
            @task
            def extract():
                return 1
            @task
            def load(x):
                print(x)
            found = extract()
            for n in range(2):
                load.override(task_id=f"load_{n}")(found)
        """,
    )
    text = pipeline(result)
    assert 'found = extract(id="extract")' in text
    assert "for n in range(2):" in text
    assert codes(result) == []


def test_arguments_of_a_callable_that_only_a_run_can_tell_are_computed_in_the_pipeline(
    tmp_path: Path,
) -> None:
    result = emitted(
        tmp_path,
        """
        def load(bucket, day):
            print(bucket, day)

        with DAG("d", **ARGS):
            PythonOperator(
                task_id="load",
                python_callable=load,
                op_args=[os.environ["BUCKET"]],
                op_kwargs={"day": "{{ ds }}"},
            )
        """,
    )
    assert 'load_step(bucket=os.environ["BUCKET"], day="{{ ds }}", id="load")' in pipeline(result)
    assert codes(result) == []


def test_arguments_of_a_callable_that_cannot_be_written_are_refused(tmp_path: Path) -> None:
    result = emitted(
        tmp_path,
        """
        from vendor import secret_bucket

        def load(bucket):
            print(bucket)

        with DAG("d", **ARGS):
            PythonOperator(task_id="load", python_callable=load, op_args=[secret_bucket()])
        """,
    )
    assert codes(result) == ["D2Z216"]
    assert "not_translated(" in pipeline(result)


def test_constants_of_a_helper_that_read_the_environment_move_along(tmp_path: Path) -> None:
    result = emitted(
        tmp_path,
        """
        with DAG("d", **ARGS):
            clone()
            BashOperator(task_id="show", bash_command=f"echo {os.environ['STAGE']}")
        """,
        helpers="""
        import os
        from airflow.operators.bash import BashOperator

        BRANCH = os.environ["BRANCH"]
        # how the repository is brought
        CLONE = f"git clone -b {BRANCH}"

        def clone():
            return BashOperator(task_id="clone", bash_command=CLONE)
        """,
    )
    text = pipeline(result)
    assert 'BRANCH = os.environ["BRANCH"]\n' in text
    assert '# how the repository is brought\nCLONE = f"git clone -b {BRANCH}"\n' in text
    assert codes(result) == []


def test_a_loop_of_one_turn_that_is_not_kept_leaves_no_variable(tmp_path: Path) -> None:
    result = emitted(
        tmp_path,
        """
        def make(name, sources):
            with DAG(name, **ARGS) as dag:
                for number, source in enumerate(sources):
                    BashOperator(task_id=f"load_{source}", bash_command=f"load {source} {number}")
            return dag

        made = make("d", ["orders"])
        """,
    )
    assert 'run_bash("load orders 0", id="load_orders")' in pipeline(result)


def test_params_of_default_args_are_those_of_the_dag(tmp_path: Path) -> None:
    """So a run may give others; each step must not bring its own."""
    result = emitted(
        tmp_path,
        """
        def load(params):
            print(params)

        with DAG("d", **ARGS, params={"a": 1, "b": 1}, default_args={"params": {"b": 2}}):
            PythonOperator(task_id="load", python_callable=load)
            PythonOperator(task_id="own", python_callable=load, params={"c": 3})
            BashOperator(task_id="show", bash_command="echo {{ params.b }}")
        """,
    )
    assert result.pipelines[0].params == {"a": 1, "b": 2}
    steps = result.files["steps/d.py"]
    assert "return call_python(load)\n" in steps
    assert 'return call_python(load, params={"c": 3})\n' in steps
    assert [f.code for f in result.pipelines[0].findings] == []


def test_a_teardown_has_the_rule_that_airflow_gives_it(tmp_path: Path) -> None:
    result = emitted(
        tmp_path,
        """
        with DAG("d", **ARGS):
            up = BashOperator(task_id="up", bash_command="echo")
            down = BashOperator(task_id="down", bash_command="echo")
            up >> down.as_teardown(setups=up)
        """,
    )
    rules = {task.task_id: task.trigger_rule for task in result.pipelines[0].tasks}
    assert rules == {"up": "all_success", "down": "all_done_setup_success"}
    assert result.pipelines[0].mode == "dynamic"
    assert codes(result) == []


@pytest.mark.parametrize(
    ("code", "shown"),
    [
        pytest.param("f(a,\n    b)", "f(a, b)", id="one line"),
        pytest.param("x" * 80, "x" * 80, id="fits"),
        pytest.param("x" * 81, "x" * 79 + "…", id="cut off"),
    ],
)
def test_code_in_messages(code: str, shown: str) -> None:
    assert shortened(code) == shown


@pytest.mark.parametrize(
    ("statement", "code", "expected"),
    [
        pytest.param(
            "from vendor.hooks import VendorHook", "VendorHook()", ["D2Z304"], id="plugin class"
        ),
        pytest.param(
            "from airflow_vendor import client", "client.get()", ["D2Z304"], id="plugin package"
        ),
        pytest.param("from vendor import webhook", "webhook()", [], id="a plain function"),
        pytest.param("from helpers import OwnHook", "OwnHook()", [], id="a class of the project"),
    ],
)
def test_a_callable_that_works_with_airflow_only_is_refused(
    tmp_path: Path, statement: str, code: str, expected: list[str]
) -> None:
    result = emitted(
        tmp_path,
        f"""
        {statement}

        def load():
            return {code}

        with DAG("d", **ARGS):
            PythonOperator(task_id="load", python_callable=load)
        """,
        helpers="class OwnHook:\n    pass\n",
    )
    assert codes(result) == expected


METHODS = """
class Runner:
    def __init__(self, number):
        self.number = number

    def go(self):
        return self.number

    @staticmethod
    def add(x):
        return x + 1

runner = Runner(3)

with DAG("d", **ARGS):
    PythonOperator(task_id="run", python_callable={callable}, op_args={args})
"""


def test_a_method_is_called_on_an_object_made_for_it(tmp_path: Path) -> None:
    result = emitted(tmp_path, METHODS.format(callable="runner.go", args="[]"))
    assert codes(result) == []
    assert "return call_python(Runner(3).go)" in result.files["steps/d.py"]


def test_a_method_of_an_object_that_was_changed_is_refused(tmp_path: Path) -> None:
    changed = METHODS.replace("Runner(3)\n", "Runner(3)\nrunner.number = 4\n")
    result = emitted(tmp_path, changed.format(callable="runner.go", args="[]"))
    assert codes(result) == ["D2Z303"]
    (refused,) = (f for f in result.pipelines[0].findings if f.code == "D2Z303")
    assert refused.message == "go is a method of the class Runner; a step cannot keep its object"


def test_a_static_method_becomes_a_function(tmp_path: Path) -> None:
    result = emitted(tmp_path, METHODS.format(callable="Runner.add", args="[1]"))
    assert codes(result) == []
    steps = result.files["steps/d.py"]
    assert "\ndef add(x):\n    return x + 1\n" in steps
    assert "staticmethod" not in steps


def test_a_class_of_the_project_as_callable_moves_along(tmp_path: Path) -> None:
    result = emitted(tmp_path, METHODS.format(callable="Runner", args="[3]"))
    assert codes(result) == []
    steps = result.files["steps/d.py"]
    assert "class Runner:\n" in steps
    assert "from dag import" not in steps


def test_tags_in_a_set_are_in_order(tmp_path: Path) -> None:
    result = emitted(
        tmp_path,
        """
        with DAG("d", **ARGS, tags={"sales", "daily", "be", "nl"}):
            BashOperator(task_id="show", bash_command="echo")
        """,
    )
    assert result.pipelines[0].tags == ("be", "daily", "nl", "sales")
