"""Mapped tasks and groups, as the statements that are emitted for them."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from tests.lower.emitted_body import model_of
from transpiler.emit.project import emit_pipeline
from transpiler.lower.step_parameters import FIRST_PARAMETERS

HEAD = """\
from datetime import datetime, timedelta
from airflow import DAG
from airflow.decorators import task, task_group
from airflow.operators.bash import BashOperator
from airflow.operators.empty import EmptyOperator
from airflow.operators.python import BranchPythonOperator, PythonOperator
from airflow.providers.snowflake.operators.snowflake import SnowflakeOperator

COUNTRIES = ["be", "nl"]
START = datetime(2024, 1, 1)

def double(x):
    return 2 * x

def scale(x, factor=1, ti=None):
    return x * factor

@task
def numbers():
    return [1, 2]

@task
def use(x: int, y: str = "a"):
    return x

@task
def use_context(x, **context):
    return x

@task
def read(path):
    return path

"""
WITH = 'with DAG("probe", start_date=START, schedule="@daily", catchup=False):\n'


class Emitted:
    """What a `with` block becomes."""

    def __init__(self, folder: Path, tasks: str, before: str = "") -> None:
        block = "".join(f"    {line}\n" for line in dedent(tasks).strip("\n").splitlines())
        self.model = model_of(folder, HEAD + dedent(before) + WITH + block)
        files = emit_pipeline(self.model)
        self.steps = files.get("steps/probe.py", "")
        pipeline = files["pipelines/probe.py"]
        body = pipeline.split("DagRun(run) as dag:\n", 1)[1].split("\n\n\nif __name__", 1)[0]
        self.body = dedent(body).strip("\n")
        self.sql = {name: text for name, text in files.items() if name.endswith(".sql")}

    @property
    def codes(self) -> set[tuple[str, str]]:
        """Codes and messages of what a person must look at."""
        return {(f.code, f.message) for f in self.model.findings if f.severity == "manual"}


LINES = {
    "a constant": (
        "use.partial(y='b').expand(x=COUNTRIES)",
        'dag.map(use, y="b", x=each(COUNTRIES), id="use")',
    ),
    "a dict": ("use.expand(x={'a': 1})", 'dag.map(use, x=each({"a": 1}), id="use")'),
    "several arguments": (
        "use.expand(y=['a', 'b'], x=[1, 2])",
        'dag.map(use, y=each(["a", "b"]), x=each([1, 2]), id="use")',
    ),
    "rows": (
        "use.expand_kwargs([{'x': 1}, {'x': 2, 'y': 'b'}])",
        'dag.map_kwargs(use, [{"x": 1}, {"x": 2, "y": "b"}], id="use")',
    ),
    "nothing": ("use.expand(x=[])", 'dag.map(use, x=each([]), id="use")'),
    "bash": (
        "BashOperator.partial(task_id='b', env={'A': '1'}).expand(bash_command=['x', 'y'])",
        'dag.map(run_bash, command=each(["x", "y"]), env={"A": "1"}, id="b")',
    ),
    "bash by another argument": (
        "BashOperator.partial(task_id='b', bash_command='x').expand(env=[{'A': '1'}])",
        'dag.map(run_bash, env=each([{"A": "1"}]), command="x", id="b")',
    ),
    "bash rows": (
        "BashOperator.partial(task_id='b', append_env=True).expand_kwargs("
        "[{'bash_command': 'x', 'env': {'A': '1'}}, {'bash_command': 'y'}])",
        'dag.map_kwargs(run_bash, [{"command": "x", "env": {"A": "1"}}, {"command": "y"}], '
        'append_env=True, id="b")',
    ),
    "rows of one argument": (
        "BashOperator.partial(task_id='b').expand_kwargs([{'bash_command': 'x'}, "
        "{'bash_command': 'y'}])",
        'dag.map(run_bash, command=each(["x", "y"]), id="b")',
    ),
    "op_kwargs": (
        "PythonOperator.partial(task_id='p', python_callable=scale)"
        ".expand(op_kwargs=[{'x': 1}, {'x': 2}])",
        'dag.map(scale_step, op_kwargs=each([{"x": 1}, {"x": 2}]), id="p")',
    ),
    "op_args": (
        "PythonOperator.partial(task_id='p', python_callable=scale, op_kwargs={'factor': 2})"
        ".expand(op_args=[[1], [2]])",
        'dag.map(scale_step, factor=2, op_args=each([[1], [2]]), id="p")',
    ),
}


@pytest.mark.parametrize(("source", "line"), LINES.values(), ids=LINES)
def test_one_line(tmp_path: Path, source: str, line: str) -> None:
    emitted = Emitted(tmp_path, source)
    assert "".join(emitted.body.split()).replace(",)", ")") == "".join(line.split())
    assert emitted.codes == set()
    assert [t.mapped for t in emitted.model.tasks] == [True]
    assert emitted.model.mode == "dynamic"


def test_results(tmp_path: Path) -> None:
    emitted = Emitted(
        tmp_path,
        """
        n = numbers()
        used = use.expand(x=n)
        use.override(task_id="both").expand(x=n.map(double).zip(used, fillvalue=0))
        use.override(task_id="joined").expand(x=n.concat(n.map(lambda one: -one)))
        use.override(task_id="reduced")(used)
        use.override(task_id="rows").expand_kwargs(n.map(lambda one: {"x": one}))
        use_context.expand_kwargs(n)
        BashOperator.partial(task_id="b").expand(bash_command=n)
        BashOperator(task_id="last", bash_command="x", env={"N": n, "U": used})
        """,
    )
    assert emitted.body == dedent("""\
        n = dag.task(numbers, id="numbers")
        used = dag.map(use, x=each(n), id="use")
        dag.map(use, x=each(n.map(double).zip(used, fillvalue=0)), id="both")
        dag.map(use, x=each(n.concat(n.map(joined_item))), id="joined")
        dag.task(use, x=used, id="reduced")
        dag.map(use_step, op_kwargs=each(n.map(rows_item)), id="rows")
        dag.map(use_context_step, op_kwargs=each(n), id="use_context")
        dag.map(run_bash, command=each(n), id="b")
        dag.task(run_bash, "x", env={"N": n, "U": used}, id="last")""")
    assert emitted.codes == set()
    assert "def joined_item(one):\n    return -one" in emitted.steps
    assert "call_python(use_context, op_kwargs=verbatim(op_kwargs))" in emitted.steps
    # The type of a result is not known, so no annotation may be held against it.
    assert 'def use(x, y: str = "a"):' in emitted.steps


def test_keys_of_results(tmp_path: Path) -> None:
    emitted = Emitted(
        tmp_path,
        """
        s = summary()
        use(s["total"], s["name"])
        use.expand(x=[s["total"], 3])
        """,
        before="""
        @task
        def summary() -> dict:
            return {"total": 1, "name": "a"}
        """,
    )
    assert emitted.body == dedent("""\
        s = dag.task(summary, id="summary")
        dag.task(use, x=s["total"], y=s["name"], id="use")
        dag.map(use, x=each([s["total"], 3]), id="use__1")""")
    assert '@step(extra={"multiple_outputs": True})' in emitted.steps


def test_templates_are_rendered_in_literals_only(tmp_path: Path) -> None:
    emitted = Emitted(
        tmp_path,
        """
        use.expand(x=["{{ ds }}", "b"])
        use_context.expand(x=numbers())
        """,
    )
    assert 'call_python(use, op_kwargs={"x": x})' in emitted.steps
    assert 'call_python(use_context, op_kwargs={"x": verbatim(x)})' in emitted.steps


def test_groups(tmp_path: Path) -> None:
    emitted = Emitted(
        tmp_path,
        """
        files = numbers()
        out = per_file.partial(flag=True).expand(path=files)
        use(out)
        lone.override(group_id="g-2").expand(path=COUNTRIES)
        per_file.override(group_id="rows").expand_kwargs([{"path": 1, "flag": False}])
        """,
        before="""
        @task_group
        def per_file(path, flag):
            first = EmptyOperator(task_id="first")
            data = read(path)
            first >> data
            return use(data, flag)

        @task_group
        def lone(path):
            EmptyOperator(task_id="nothing")
        """,
    )
    assert emitted.body == dedent("""\
        files = dag.task(numbers, id="numbers")
        with dag.mapped_group("per_file", path=each(files)) as per_file:
            dag.task(do_nothing, id="per_file.first", after=["numbers"])
            per_file_read_output = dag.task(
                read, path=per_file.path, id="per_file.read", after=["per_file.first"]
            )
            per_file_use_output = dag.task(use, x=per_file_read_output, y=True, id="per_file.use")
        dag.task(use, x=per_file_use_output, id="use")
        with dag.mapped_group("g-2", path=each(COUNTRIES)):
            dag.task(do_nothing, id="g-2.nothing")
        with dag.mapped_group("rows", kwargs=each([{"path": 1, "flag": False}])) as rows:
            dag.task(do_nothing, id="rows.first")
            rows_read_output = dag.task(
                read, path=rows.kwargs["path"], id="rows.read", after=["rows.first"]
            )
            dag.task(use, x=rows_read_output, y=rows.kwargs["flag"], id="rows.use")""")
    mapped = {task.task_id: task.mapped for task in emitted.model.tasks}
    assert [name for name, is_mapped in mapped.items() if not is_mapped] == ["numbers", "use"]


def test_sql_of_each_instance_has_a_file(tmp_path: Path) -> None:
    (tmp_path / "b.sql").write_text("SELECT 2", encoding="utf-8")
    emitted = Emitted(
        tmp_path,
        "SnowflakeOperator.partial(task_id='load').expand(sql=['SELECT 1', 'b.sql'])",
    )
    assert sorted(emitted.sql.values()) == ["SELECT 1\n", "SELECT 2"]
    names = '["probe/load_1.sql", "probe/load_2.sql"]'
    assert f"sql=each({names})" in emitted.body


def test_scripts_that_are_named_are_read(tmp_path: Path) -> None:
    (tmp_path / "one.sh").write_text("echo {{ ds }}", encoding="utf-8")
    commands = "BashOperator.partial(task_id='b').expand(bash_command=['one.sh', 'echo 2'])"
    emitted = Emitted(tmp_path, commands)
    assert 'command=each(["echo {{ ds }}", "echo 2"])' in emitted.body
    missing = Emitted(tmp_path, commands.replace("one.sh", "two.sh"))
    assert {code for code, _ in missing.codes} == {"D2Z401"}


def test_sql_of_rows_has_a_file_for_each(tmp_path: Path) -> None:
    rows = "[{'sql': 'SELECT 1'}, {'sql': ['SELECT 2', 'SELECT 3'], 'warehouse': 'W'}]"
    emitted = Emitted(tmp_path, f"SnowflakeOperator.partial(task_id='load').expand_kwargs({rows})")
    assert sorted(emitted.sql) == [
        "sql/probe/load_1.sql",
        "sql/probe/load_2_1.sql",
        "sql/probe/load_2_2.sql",
    ]
    assert {f.task_id for f in emitted.model.findings} <= {None, "load"}


MORE = """\
from airflow.operators.email import EmailOperator
from airflow.operators.trigger_dagrun import TriggerDagRunOperator
from airflow.providers.cncf.kubernetes.operators.pod import KubernetesPodOperator
from airflow.sensors.date_time import DateTimeSensor
from airflow.sensors.external_task import ExternalTaskSensor
"""
LIMITS = {
    "rows of different steps' arguments": (
        "BashOperator.partial(task_id='b', bash_command='x').expand("
        "env=[{'A': '1'}, {'A': '2'}], cwd=['/a', '/b'])",
        'dag.map(run_bash, env=each([{"A": "1"}, {"A": "2"}]), cwd=each(["/a", "/b"]), '
        'command="x", id="b")',
    ),
    "values of a run": (
        "n = numbers()\n"
        "TriggerDagRunOperator.partial(task_id='t', trigger_dag_id='probe').expand(conf=n)",
        'n = dag.task(numbers, id="numbers") '
        'dag.map(trigger_pipeline, conf=each(n), pipeline_name="probe", id="t")',
    ),
    "other DAGs": (
        "ExternalTaskSensor.partial(task_id='t').expand(external_dag_id=['a', 'b'])",
        'dag.map(wait_for_pipeline, pipeline_name=each(["a", "b"]), id="t")',
    ),
    "other DAGs that the run names": (
        "n = numbers()\n" "TriggerDagRunOperator.partial(task_id='t').expand(trigger_dag_id=n)",
        'n = dag.task(numbers, id="numbers") '
        'dag.map(trigger_pipeline, pipeline_name=each(n), id="t")',
    ),
    "a setting that the step has no use for": (
        "DateTimeSensor.partial(task_id='t', target_time='{{ ts }}').expand("
        "start_from_trigger=[False, False])",
        'dag.map_kwargs(wait_until, [{}, {}], moment="{{ ts }}", id="t")',
    ),
    "environments of a pod": (
        "KubernetesPodOperator.partial(task_id='t', image='i').expand(env_vars=[{'A': '1'}, {}])",
        'dag.map(run_container, env=each([{"A": "1"}, {}]), image="i", id="t")',
    ),
}


@pytest.mark.parametrize(("source", "line"), LIMITS.values(), ids=LIMITS)
def test_library_steps(tmp_path: Path, source: str, line: str) -> None:
    body = Emitted(tmp_path, source, before=MORE).body
    assert sorted("".join(body.split()).replace(",)", ")")) == sorted("".join(line.split()))


REFUSED = {
    "rows that are no dicts": ("BashOperator.partial(task_id='b').expand_kwargs([1])", "D2Z230"),
    "rows that are no list": ("BashOperator.partial(task_id='b').expand_kwargs(5)", "D2Z230"),
    "rows that become different calls": (
        "BashOperator.partial(task_id='b').expand_kwargs([{'bash_command': 'x'}, {'env': {}}])",
        "D2Z303",
    ),
    "rows of an operator that only the run knows": (
        "EmailOperator.partial(task_id='b').expand_kwargs(numbers())",
        "D2Z230",
    ),
    "a value that is not known": ("use.expand(x=unknown())", "D2Z216"),
    "a group over a name that is taken": ("taken.expand(id=[1])", "D2Z230"),
    "a group over a value that is not known": ("group.expand(x=unknown())", "D2Z216"),
}


@pytest.mark.parametrize(("source", "code"), REFUSED.values(), ids=REFUSED)
def test_what_is_not_translated_raises(tmp_path: Path, source: str, code: str) -> None:
    before = "from airflow.operators.email import EmailOperator\n"
    before += "from elsewhere import unknown\n@task_group\ndef group(x):\n    read(x)\n"
    before += "@task_group\ndef taken(id):\n    read(id)\n"
    emitted = Emitted(tmp_path, source, before=before)
    assert code in {found for found, _ in emitted.codes}
    assert "not_translated" in emitted.body


def test_a_static_pipeline_refuses_mapped_tasks(tmp_path: Path) -> None:
    model = model_of(tmp_path, f"{HEAD}{WITH}    use.expand(x=[1])\n", mode="static")
    assert {"D2Z202"} <= {found.code for found in model.findings}


def test_parameters_by_which_steps_take_their_first_argument() -> None:
    from runtime import steps

    for name, parameters in FIRST_PARAMETERS.items():
        inputs = [*getattr(steps, name).entrypoint_definition.inputs]
        assert tuple(inputs[: len(parameters)]) == parameters, name


def test_mapped_decisions(tmp_path: Path) -> None:
    source = (
        "BranchPythonOperator.partial(task_id='b', python_callable=scale).expand(op_args=[[1]])"
    )
    body = Emitted(tmp_path, source).body
    assert "dag.map(" in body
    assert 'decides="branch"' in body


def test_rows_of_a_task_for_an_operator_that_the_runtime_has_as_a_class(tmp_path: Path) -> None:
    emitted = Emitted(
        tmp_path, "BashOperator.partial(task_id='b', cwd='/').expand_kwargs(numbers())"
    )
    assert "arguments=each(" in emitted.body
    assert "not_translated" not in emitted.body
