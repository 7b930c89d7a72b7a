"""What callables and callbacks ask of Airflow's context that the runtime's context has not."""

from __future__ import annotations

from pathlib import Path

import pytest

from runtime.context import RunContext
from runtime.templates import objects
from tests.lower.emitted_callables import HEAD, Emitted
from transpiler.lower.template_names import AT_END, MEMBERS

MISSING = {
    "a parameter": ("def work(dag_run):\n    {}\n", "dag_run.get_previous_dagrun()"),
    "one with a default": ("def work(x=1, *, ti=None):\n    return {}\n", "ti.unixname"),
    "a key": ("def work(**kwargs):\n    return {}\n", 'kwargs["task_instance"].pid'),
    "a key by get": ("def work(**context):\n    return {}\n", 'context.get("dag").fileloc'),
    "a variable": (
        "def work(**kwargs):\n    run: object = kwargs['dag_run']\n    return {}\n",
        "run.queued_at",
    ),
    "the walrus": (
        "def work(**kwargs):\n    if (one := kwargs['ti']):\n        return {}\n",
        "one.pid",
    ),
    "the current context": (
        "def work():\n    now = get_current_context()\n    return {}\n",
        'now["ti"].pid',
    ),
    "without a variable": ("def work():\n    return {}\n", 'get_current_context()["ti"].pid'),
    "of an instance": ("def work(ti):\n    return {}\n", "ti.dag_run.queued_at"),
    "of its run": ("def work(ti):\n    return {}\n", "ti.get_dagrun().queued_at"),
    "in a helper": (
        "def told(ti):\n    return {}\n\n\ndef work(ti):\n    return told(ti)\n",
        "ti.pid",
    ),
    "the DAG": ("def work(dag=None):\n    return {}\n", "dag.schedule_interval"),
    "the task": ("def work(task):\n    return {}\n", "task.owner"),
    "a lambda": ("work = lambda ti: {}\n", "ti.pid"),
    "a store of state": ("def work({}=None):\n    pass\n", "task_state_store"),
    "a store by its key": ("def work(**kwargs):\n    {}\n", 'kwargs["asset_state_store"]'),
    "Airflow's settings": ("def work({}, **kwargs):\n    pass\n", "conf"),
    "Airflow's settings by key": ("def work(**kwargs):\n    return {}\n", 'kwargs["conf"]'),
    "Airflow's settings by get": ("def work(**kwargs):\n    return {}\n", 'kwargs.get("conf")'),
}
IMPORTS = "from airflow.operators.python import get_current_context\n\n\n"


def emitted(folder: Path, code: str, more: str = "") -> Emitted:
    return Emitted(
        folder, IMPORTS + code, f"PythonOperator(task_id='w', python_callable=work{more})"
    )


@pytest.mark.parametrize(("code", "use"), MISSING.values(), ids=MISSING)
def test_what_the_context_has_not_is_reported_at_its_line(
    code: str, use: str, tmp_path: Path
) -> None:
    before = IMPORTS + code.format(use)
    found = emitted(tmp_path, code.format(use))
    (told,) = found.findings
    assert told.code == "D2Z304"
    assert told.span.line == before.count("\n", 0, before.index(use)) + HEAD.count("\n") + 1
    assert "not_translated" in found.body


KNOWN = {
    "members that there are": "def work(ti, dag_run):\n    return ti.task_id, dag_run.conf, ti.log\n",
    "of the run": "def work(ti):\n    return ti.dag_run.run_id, ti.get_dagrun().conf\n",
    "of the task": "def work(ti):\n    return ti.task.render_template('{{ ds }}', {})\n",
    "Python's own": "def work(ti):\n    return ti.__class__\n",
    "another name": "def work(**kwargs):\n    return kwargs['ds'].lower()\n",
    "a number": "def work(**kwargs):\n    return kwargs[0], kwargs[1:2]\n",
    "bound anew": "def work(ti):\n    ti = object()\n    return ti.anything\n",
    "a project's own dag": (
        "def told(dag):\n    return dag.nodes\n\n\ndef work():\n    return told(1)\n"
    ),
    "several targets": "def work(**kwargs):\n    a, b = 1, 2\n    return a.real\n",
    "settings of a helper's own": (
        "def told(conf):\n    return conf\n\n\n"
        "def work():\n    def inner(conf):\n        return conf\n\n    return told(1), inner(2)\n"
    ),
    "another call": "def work(**kwargs):\n    return dict(kwargs).get('ti').anything\n",
}


@pytest.mark.parametrize("code", KNOWN.values(), ids=KNOWN)
def test_the_rest_is_left_alone(code: str, tmp_path: Path) -> None:
    assert emitted(tmp_path, code).findings == []


@pytest.mark.parametrize(
    "code", ["def work(conf):\n    pass\n", "def work(**kwargs):\n    kwargs['conf']\n"]
)
def test_what_the_dag_itself_passes_is_left_alone(code: str, tmp_path: Path) -> None:
    assert emitted(tmp_path, code, ", op_kwargs={'conf': 1}").findings == []


def test_a_callback_that_asks_for_more_is_not_called(tmp_path: Path) -> None:
    code = (
        "def work():\n    pass\n\n\n"
        "def tell(context):\n    print(context['ti'].task_id)\n\n\n"
        "def ask(context):\n    print(context['ti'].unixname)\n"
    )
    found = emitted(tmp_path, code, ", on_failure_callback=[tell, ask]")
    told = [one for one in found.findings if one.code == "D2Z310"]
    assert len(told) == 1
    assert "ask" in told[0].message
    assert "ti.unixname" in told[0].message


def test_the_objects_have_what_is_said_of_them() -> None:
    run = RunContext.model_validate(
        {"dag_id": "d", "run_id": "r"}
        | dict.fromkeys(
            ("logical_date", "data_interval_start", "data_interval_end"), "2024-01-01T00:00:00Z"
        )
    )
    made = {
        "dag": objects.Dag("d"),
        "task": objects.Task("t", "d"),
        "dag_run": objects.DagRun(run),
        "ti": objects.TaskInstance(run, "t"),
    }
    for name, one in made.items():
        missing = MEMBERS[name] - {*dir(one)}
        assert missing == set(), name
    assert AT_END["ti"] < MEMBERS["ti"]
    assert made["ti"].get_dagrun().state == "running"  # type: ignore[attr-defined]
    assert made["task"].log is made["ti"].log  # type: ignore[attr-defined]


def test_a_parameter_that_the_dag_gives_is_the_projects_own(tmp_path: Path) -> None:
    code = "def told(task):\n    return task.owner\n\n\ndef work(dag, other):\n    return dag.name, told(other)\n"
    given = ", op_kwargs={'dag': 'a', 'other': 'b'}"
    assert not emitted(tmp_path, code, given).findings
