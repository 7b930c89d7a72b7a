"""Python callables that decide which tasks run."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from rules.python import callable_step, function_step
from rules.registry import Example, rule
from transpiler.lower.errors import UntranslatableError
from transpiler.model.finding import finding
from transpiler.model.pipeline import Expr, Kind, StepCall

if TYPE_CHECKING:
    from transpiler.lower.lowering import Lowering
    from transpiler.lower.reader import TaskReader

BRANCH = "a branch decides what runs"
SHORT_CIRCUIT = "a short circuit decides what runs"

_BRANCH = Example(
    before="""\
from datetime import datetime

from airflow import DAG
from airflow.operators.bash import BashOperator
from airflow.operators.python import BranchPythonOperator


def by_country(country: str) -> str:
    return "load_be" if country == "be" else "load_other"


with DAG("nightly", start_date=datetime(2024, 1, 1), schedule="@daily", catchup=False):
    choose = BranchPythonOperator(
        task_id="choose", python_callable=by_country, op_args=["be"]
    )
    choose >> [
        BashOperator(task_id="load_be", bash_command="load be"),
        BashOperator(task_id="load_other", bash_command="load other"),
    ]
""",
    after="""\
dag.branch(by_country, country="be", id="choose")
dag.task(run_bash, "load be", id="load_be", after=["choose"])
dag.task(run_bash, "load other", id="load_other", after=["choose"])
""",
)

_TASK_BRANCH = Example(
    before="""\
from datetime import datetime

from airflow.decorators import dag, task


@task.branch
def by_country(country: str) -> str:
    return "load_be" if country == "be" else "load_other"


@task
def load_be() -> None:
    print("be")


@task
def load_other() -> None:
    print("other")


@dag(start_date=datetime(2024, 1, 1), schedule="@daily", catchup=False)
def nightly():
    by_country("be") >> [load_be(), load_other()]


nightly()
""",
    after="""\
dag.branch(by_country, country="be", id="by_country")
dag.task(load_be, id="load_be", after=["by_country"])
dag.task(load_other, id="load_other", after=["by_country"])
""",
)

_SHORT_CIRCUIT = Example(
    before="""\
from datetime import datetime

from airflow import DAG
from airflow.operators.empty import EmptyOperator
from airflow.operators.python import ShortCircuitOperator


def is_open(shop: str) -> bool:
    return shop == "antwerp"


with DAG("nightly", start_date=datetime(2024, 1, 1), schedule="@daily", catchup=False):
    ShortCircuitOperator(
        task_id="open", python_callable=is_open, op_args=["antwerp"]
    ) >> EmptyOperator(task_id="load")
""",
    after="""\
dag.short_circuit(is_open, shop="antwerp", id="open")
dag.task(do_nothing, id="load", after=["open"])
""",
)

_TASK_SHORT_CIRCUIT = Example(
    before="""\
from datetime import datetime

from airflow.decorators import dag, task


@task.short_circuit(ignore_downstream_trigger_rules=False)
def is_open(shop: str) -> bool:
    return shop == "antwerp"


@task
def load() -> None:
    print("loaded")


@dag(start_date=datetime(2024, 1, 1), schedule="@daily", catchup=False)
def nightly():
    is_open("antwerp") >> load()


nightly()
""",
    after="""\
dag.short_circuit(is_open, shop="antwerp", id="is_open", ignore_downstream_trigger_rules=False)
dag.task(load, id="load", after=["is_open"])
""",
)


@rule(
    "airflow.operators.python.BranchPythonOperator",
    "airflow.operators.python_operator.BranchPythonOperator",
    "airflow.operators.BranchPythonOperator",
    "airflow.providers.standard.operators.python.BranchPythonOperator",
    docs="https://airflow.apache.org/docs/apache-airflow-providers-standard/stable/operators/python.html#branchpythonoperator",
    examples=[_BRANCH],
    dynamic=BRANCH,
)
def branch_python_operator(task: TaskReader, to: Lowering) -> StepCall | list[StepCall]:
    """The callable becomes a step; the tasks and groups that it names are followed, the others
    directly after it are skipped.
    """
    return deciding(callable_step(task, to), "branch", task, to)


@rule(
    "airflow.decorators.task.branch",
    "airflow.sdk.task.branch",
    docs="https://airflow.apache.org/docs/apache-airflow/stable/core-concepts/dags.html#branching",
    examples=[_TASK_BRANCH],
    dynamic=BRANCH,
)
def task_branch_decorator(task: TaskReader, to: Lowering) -> StepCall | list[StepCall]:
    """The decorated function becomes a step; the tasks and groups that it names are followed, the
    others directly after it are skipped.
    """
    return deciding(function_step(task, to), "branch", task, to)


@rule(
    "airflow.operators.python.ShortCircuitOperator",
    "airflow.operators.python_operator.ShortCircuitOperator",
    "airflow.operators.ShortCircuitOperator",
    "airflow.providers.standard.operators.python.ShortCircuitOperator",
    docs="https://airflow.apache.org/docs/apache-airflow-providers-standard/stable/operators/python.html#shortcircuitoperator",
    examples=[_SHORT_CIRCUIT],
    dynamic=SHORT_CIRCUIT,
)
def short_circuit_operator(task: TaskReader, to: Lowering) -> StepCall | list[StepCall]:
    """The callable becomes a step; where it gives something false, all tasks after it are skipped,
    or with `ignore_downstream_trigger_rules=False` those directly after it.
    """
    rules = _ignoring(task, to)
    return deciding(callable_step(task, to), "short_circuit", task, to, rules)


@rule(
    "airflow.decorators.task.short_circuit",
    "airflow.sdk.task.short_circuit",
    docs="https://airflow.apache.org/docs/apache-airflow/stable/core-concepts/dags.html#control-flow",
    examples=[_TASK_SHORT_CIRCUIT],
    dynamic=SHORT_CIRCUIT,
)
def task_short_circuit_decorator(task: TaskReader, to: Lowering) -> StepCall | list[StepCall]:
    """The decorated function becomes a step; where it gives something false, all tasks after it are
    skipped, or with `ignore_downstream_trigger_rules=False` those directly after it.
    """
    rules = _ignoring(task, to)
    return deciding(function_step(task, to), "short_circuit", task, to, rules)


_KEPT = "Airflow 3 keeps no result of a task that skips others; the step's result is kept"


def deciding(
    made: StepCall | list[StepCall],
    kind: Kind,
    task: TaskReader,
    to: Lowering,
    scheduling: dict[str, Expr] | None = None,
) -> StepCall | list[StepCall]:
    """The step that decides by its result which tasks run.

    Raises UntranslatableError (D2Z203) for a static pipeline.
    """
    if not to.mode.dynamic:
        detail = "the task decides at run time what is skipped, which a static pipeline cannot do"
        raise UntranslatableError(finding("D2Z203", task.span, detail, task_id=task.task_id))
    if to.dag_file.airflow.major >= 3:
        task.findings.append(finding("D2Z311", task.span, _KEPT, task_id=task.task_id))
    calls = made if isinstance(made, list) else [made]
    last, more = calls[-1], dict(scheduling or {})
    if task.task.mapped is not None:
        more["decides"] = Expr(f'"{kind}"')
    mapped = last.kind if task.task.mapped is not None else kind
    last = replace(last, kind=mapped, scheduling={**last.scheduling, **more})
    return [*calls[:-1], last] if len(calls) > 1 else last


def _ignoring(task: TaskReader, to: Lowering) -> dict[str, Expr]:
    argument = task.take("ignore_downstream_trigger_rules")
    if argument is None or argument.value in (None, True):
        return {}
    return {"ignore_downstream_trigger_rules": to.expr(argument)}
