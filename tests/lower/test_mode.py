"""Which DAGs become dynamic pipelines, and why."""

from __future__ import annotations

from pathlib import Path
from textwrap import indent

import pytest

from tests.lower.emitted_body import HEAD, WITH, body_of, model_of, module_of
from transpiler.config.models import MigrationConfig

MORE = """\
from airflow.exceptions import AirflowFailException, AirflowSkipException
from airflow.operators.empty import EmptyOperator
from airflow.operators.python import BranchPythonOperator, PythonOperator, ShortCircuitOperator


def skip():
    raise AirflowSkipException("nothing to do")


def skips_below():
    skip()


def gives_up():
    raise AirflowFailException("no use")


def plain():
    return "b"


def tell(context):
    print(context["run_id"])


def looks(dag_run):
    return [one.state for one in dag_run.get_task_instances()]


def asks(context):
    print(context["dag_run"].get_task_instance("a").state)


"""
A = 'a = BashOperator(task_id="a", bash_command="x")'
PAIR = A + '\nb = BashOperator(task_id="b", bash_command="x"{0})\na >> b\n'


def text_of(tasks: str, dag: str = "") -> str:
    """A DAG file with these tasks; `dag` are more arguments of the DAG."""
    return HEAD + MORE + WITH.replace(") as dag", f"{dag}) as dag") + indent(tasks, "    ")


STATIC = [
    PAIR.format(""),
    PAIR.format(", trigger_rule='none_failed'"),
    PAIR.format(", trigger_rule='none_failed_or_skipped'"),
    PAIR.format(", trigger_rule='one_success'"),
    'BashOperator(task_id="b", bash_command="x", trigger_rule="all_done")',
    A + "\na.as_setup()",
    PAIR.format(", depends_on_past=False, pool='default_pool'"),
    'PythonOperator(task_id="a", python_callable=plain)',
    'PythonOperator(task_id="a", python_callable=gives_up)',
    'BashOperator(task_id="b", bash_command="exit 1")',
]


@pytest.mark.parametrize("tasks", STATIC)
def test_what_needs_no_scheduler_stays_static(tasks: str, tmp_path: Path) -> None:
    model = model_of(tmp_path, text_of(tasks))
    assert model.mode == "static"
    assert model.mode_reason == "every task waits for the success of all tasks before it"
    assert {f.severity for f in model.findings} <= {"info"}


DYNAMIC = [
    (PAIR.format(", trigger_rule='all_done'"), "the trigger rule all_done of b"),
    (PAIR.format(", trigger_rule='dummy'"), "the trigger rule always of b"),
    (PAIR.format("") + "b.as_teardown(setups=a)", "a teardown runs whatever happens before it"),
    (
        PAIR.format(", depends_on_past=True"),
        "tasks wait for their own earlier run (depends_on_past)",
    ),
    (
        PAIR.format(", wait_for_downstream=True"),
        "tasks wait for the tasks after their own earlier run (wait_for_downstream)",
    ),
    (PAIR.format(", pool='small'"), "a pool limits how many tasks run at one time"),
    ('PythonOperator(task_id="a", python_callable=skip)', "skip can skip its task"),
    ('PythonOperator(task_id="a", python_callable=skips_below)', "skips_below can skip its task"),
    (
        'PythonOperator(task_id="a", python_callable=gives_up, retries=1)',
        "gives_up can fail without a retry",
    ),
    (
        'PythonOperator(task_id="a", python_callable=looks)',
        "looks looks at the states of other tasks",
    ),
    (
        'PythonOperator(task_id="a", python_callable=plain, on_failure_callback=[tell, asks])',
        "asks looks at the states of other tasks",
    ),
    ('BashOperator(task_id="a", bash_command="exit 99")', "an exit code skips the task"),
    (
        A + '\nBranchPythonOperator(task_id="c", python_callable=plain) >> a',
        "a branch decides what runs",
    ),
    (
        A + '\nShortCircuitOperator(task_id="c", python_callable=plain) >> a',
        "a short circuit decides what runs",
    ),
]


@pytest.mark.parametrize(("tasks", "reason"), DYNAMIC)
def test_what_needs_the_scheduler_is_dynamic(tasks: str, reason: str, tmp_path: Path) -> None:
    model = model_of(tmp_path, text_of(tasks))
    assert (model.mode, model.mode_reason) == ("dynamic", reason)
    assert [f.code for f in model.findings if f.severity != "info"] in (
        [],
        ["D2Z308"],
    )
    assert [f.code for f in model.findings if f.code == "D2Z221"] == ["D2Z221"]


@pytest.mark.parametrize(
    ("argument", "given", "reason"),
    [
        (
            ", on_failure_callback=tell",
            "on_failure=tell",
            "on_failure_callback of the DAG is called once for the run",
        ),
        (
            ", dagrun_timeout=timedelta(hours=2)",
            "timeout_seconds=7200",
            "the run as a whole has a time limit (dagrun_timeout)",
        ),
        (", fail_stop=True", "fail_fast=True", "the first failure stops the run (fail_stop)"),
        (", fail_fast=True", "fail_fast=True", "the first failure stops the run (fail_fast)"),
        (
            ", max_active_tasks=1",
            "max_active_tasks=1",
            "max_active_tasks limits how many tasks run at one time",
        ),
        (
            ", concurrency=1",
            "max_active_tasks=1",
            "concurrency limits how many tasks run at one time",
        ),
    ],
)
def test_arguments_of_the_dag_become_those_of_the_run(
    argument: str, given: str, reason: str, tmp_path: Path
) -> None:
    tasks = A + '\nb = BashOperator(task_id="b", bash_command="x")\n'
    model = model_of(tmp_path, text_of(tasks, argument))
    assert (model.mode, model.mode_reason) == ("dynamic", reason)
    assert [f"{name}={value}" for name, value in model.dag_run.items()] == [given]
    assert {f.severity for f in model.findings} == {"info"}


@pytest.mark.parametrize(
    "argument", ["max_active_tasks=2", "max_active_tasks=None", "dagrun_timeout=None"]
)
def test_a_limit_that_limits_nothing_stays_static(argument: str, tmp_path: Path) -> None:
    tasks = A + '\nb = BashOperator(task_id="b", bash_command="x")\n'
    assert model_of(tmp_path, text_of(tasks, f", {argument}")).mode == "static"


def test_tasks_of_one_chain_never_run_at_one_time(tmp_path: Path) -> None:
    assert model_of(tmp_path, text_of(PAIR.format(""), ", max_active_tasks=1")).mode == "static"


def test_many_reasons_are_counted(tmp_path: Path) -> None:
    tasks = PAIR.format(", trigger_rule='all_done', pool='small', depends_on_past=True")
    model = model_of(tmp_path, text_of(tasks, ", fail_stop=True"))
    assert model.mode_reason.endswith("; and 1 more")
    assert model.mode_reason.startswith("the first failure stops the run (fail_stop); ")


@pytest.mark.parametrize(("tasks", "reason"), DYNAMIC)
def test_static_where_it_cannot_be_right_is_an_error(
    tasks: str, reason: str, tmp_path: Path
) -> None:
    model = model_of(tmp_path, text_of(tasks), "static")
    assert model.mode == "static"
    assert model.mode_reason == f"asked for by --mode static, although {reason}"
    errors = [f for f in model.findings if f.code == "D2Z220"]
    assert [(f.severity, f.message) for f in errors] == [("manual", f"--mode static: {reason}")]


def test_dynamic_can_be_asked_for(tmp_path: Path) -> None:
    model = model_of(tmp_path, text_of(A), "dynamic")
    assert (model.mode, model.mode_reason) == ("dynamic", "asked for by --mode dynamic")
    assert [f.code for f in model.findings if f.code != "D2Z122"] == ["D2Z221"]


def test_static_can_be_asked_for(tmp_path: Path) -> None:
    model = model_of(tmp_path, text_of(A), "static")
    assert (model.mode, model.mode_reason) == ("static", "asked for by --mode static")
    assert {f.code for f in model.findings} <= {"D2Z122"}


def test_mode_of_migration_yaml_goes_by_dag() -> None:
    config = MigrationConfig(mode={"report_*": "static", "report_daily": "dynamic"})
    modes = [config.mode_of(name) for name in ("report_daily", "report_weekly", "load")]
    assert modes == ["dynamic", "static", "auto"]


def test_a_rule_that_airflow_does_not_have_is_told(tmp_path: Path) -> None:
    model = model_of(tmp_path, text_of(PAIR.format(", trigger_rule='all_sucess'")))
    assert [f.code for f in model.findings if f.severity == "manual"] == ["D2Z303"]


def test_body_of_a_dynamic_pipeline(tmp_path: Path) -> None:
    body = body_of(
        tmp_path,
        """
        start = BashOperator(task_id="start", bash_command="echo")
        with TaskGroup("loads") as loads:
            for country in ["be", "nl"]:
                # one for each country
                BashOperator(task_id=f"load_{country}", bash_command="echo", retries=2)
        start >> loads >> BashOperator(
            task_id="clean", bash_command="rm", trigger_rule="all_done", pool="disk"
        )
        """,
    )
    assert body == (
        "with DagRun(run) as dag:\n"
        '    dag.task(run_bash, "echo", id="start")\n'
        '    for country in ["be", "nl"]:\n'
        "        # one for each country\n"
        "        dag.task(\n"
        "            run_bash.with_options(retry=RETRY),\n"
        '            "echo",\n'
        '            id=f"loads.load_{country}",\n'
        '            after=["start"],\n'
        "        )\n"
        "    dag.task(\n"
        "        run_bash,\n"
        '        "rm",\n'
        '        id="clean",\n'
        '        after=[f"loads.load_{country}" for country in ["be", "nl"]],\n'
        '        trigger_rule="all_done",\n'
        '        pool="disk",\n'
        "    )"
    )


def test_what_all_tasks_share_is_said_once(tmp_path: Path) -> None:
    tasks = PAIR.format(", on_failure_callback=tell").replace(
        '"x")', '"x", on_failure_callback=tell)'
    )
    text = text_of(tasks, ', default_args={"depends_on_past": True, "retries": 1}')
    model = model_of(tmp_path, text)
    assert {name: str(value) for name, value in model.dag_run.items()} == {
        "step_options": '{"on_failure": on_failure}',
        "depends_on_past": "True",
    }
    assert "on_failure" not in model.decorator
    module = module_of(tmp_path, text)
    assert "retry=StepRetryConfig(max_retries=1, delay=300, backoff=1),\n)" in module
    assert 'dag.task(run_bash, "x", id="b", after=["a"])' in module


def test_names_of_the_source_win_over_the_scheduler(tmp_path: Path) -> None:
    text = HEAD + 'dag = "x"\n' + WITH.replace("as dag", "as d")
    text += '    a = BashOperator(task_id="a", bash_command=dag, depends_on_past=True)\n'
    module = module_of(tmp_path, text)
    assert "as dag_run:" in module
    assert 'dag_run.task(run_bash, dag, id="a", depends_on_past=True)' in module


def test_an_argument_that_the_scheduler_takes_for_its_own_is_renamed(tmp_path: Path) -> None:
    text = HEAD + MORE + "def load(pool):\n    print(pool)\n\n\n" + WITH
    text += '    PythonOperator(task_id="a", python_callable=load, op_kwargs={"pool": "x"}, depends_on_past=True)\n'
    assert 'dag.task(load_step, arg_pool="x", id="a", depends_on_past=True)' in module_of(
        tmp_path, text
    )
    static = text.replace(", depends_on_past=True", "")
    assert 'load(pool="x", id="a")' in module_of(tmp_path, static)


def test_setup_and_teardown(tmp_path: Path) -> None:
    text = """\
from datetime import datetime
from airflow.decorators import dag, setup, task, teardown

@setup
def create():
    return "c"

@teardown(on_failure_fail_dagrun=True)
def delete():
    return None

@task
def work():
    return 1

@dag(start_date=datetime(2024, 1, 1), schedule=None)
def probe():
    made = create()
    with made >> delete():
        work()

probe()
"""
    module = module_of(tmp_path, text)
    assert 'dag.task(create, id="create", setup=True)' in module
    assert "teardown=True, on_failure_fail_dagrun=True)" in " ".join(module.split()).replace(
        ", )", ")"
    )
    model = model_of(tmp_path, text)
    rules = {task.task_id: task.trigger_rule for task in model.tasks}
    assert rules["delete"] == "all_done_setup_success"
    assert [task.task_id for task in model.tasks if task.setup] == ["create"]
    assert [task.task_id for task in model.tasks if task.teardown] == ["delete"]


def test_a_teardown_may_fail_the_run(tmp_path: Path) -> None:
    body = body_of(
        tmp_path,
        """
        a = BashOperator(task_id="a", bash_command="x")
        b = BashOperator(task_id="b", bash_command="x")
        a >> b.as_teardown(setups=a, on_failure_fail_dagrun=True)
        """,
    )
    assert "teardown=True" in body
    assert "on_failure_fail_dagrun=True" in body


@pytest.mark.parametrize(
    "imported",
    [
        "from airflow.exceptions import AirflowSkipException as Skip",
        "from airflow.sdk.exceptions import AirflowSkipException as Skip",
    ],
)
def test_a_skip_is_found_under_any_name(imported: str, tmp_path: Path) -> None:
    text = f"""\
{HEAD}from airflow.operators.python import PythonOperator
{imported}

def quit():
    raise Skip("no")

{WITH}    PythonOperator(task_id="a", python_callable=quit)
"""
    model = model_of(tmp_path, text)
    assert (model.mode, model.mode_reason) == ("dynamic", "quit can skip its task")
    assert {f.severity for f in model.findings} == {"info"}


def test_a_group_that_a_branch_can_only_know_by_name(tmp_path: Path) -> None:
    branch = (
        'BranchPythonOperator(task_id="c", python_callable=plain) >> BashOperator(\n'
        '    task_id="d", bash_command="x")\n'
    )
    tasks = """\
with TaskGroup("hidden", prefix_group_id=False):
    BashOperator(task_id="a", bash_command="x")
    with TaskGroup("shown"):
        BashOperator(task_id="b", bash_command="x")
"""
    module = module_of(tmp_path, text_of(tasks + branch))
    assert 'dag.task(run_bash.with_options(group="hidden"), "x", id="a")' in module
    assert 'dag.task(run_bash.with_options(group="hidden"), "x", id="shown.b")' in module
    assert 'dag.task(run_bash, "x", id="d", after=["c"])' in module
    assert "group=" not in module_of(
        tmp_path, text_of(tasks + A.replace('"a"', '"z"') + "\na.as_teardown()\n")
    )


def test_the_size_of_a_pool_is_a_setting(tmp_path: Path) -> None:
    model = model_of(tmp_path, text_of(PAIR.format(", pool='small', pool_slots=2")))
    assert model.config["pools"] == {"small": 1}
    assert [f.code for f in model.findings if f.severity == "warning"] == ["D2Z308"]
    module = module_of(tmp_path, text_of(PAIR.format(", pool='small', pool_slots=2")))
    assert 'pool="small", pool_slots=2' in module.replace("'", '"')


def test_weights_matter_where_tasks_wait_for_places(tmp_path: Path) -> None:
    weights = ", priority_weight=5, weight_rule='absolute'"
    pooled = module_of(tmp_path, text_of(PAIR.format(f"{weights}, pool='small'")))
    assert 'priority_weight=5, weight_rule="absolute"' in " ".join(pooled.split())
    others = PAIR.format(f"{weights}, trigger_rule='all_done'")
    model = model_of(tmp_path, text_of(others))
    assert [f.code for f in model.findings].count("D2Z210") == 2
    assert "weight" not in module_of(tmp_path, text_of(others))
