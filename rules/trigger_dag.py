"""Starting another DAG."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from rules.arguments import (
    constant_name,
    each_value,
    given,
    pass_on,
    present,
    refused,
    seconds,
    step,
    switch,
)
from rules.registry import Example, rule
from rules.sensor_arguments import may_skip, refuse_skips
from transpiler.lower.reporting import about, report_once
from transpiler.model.finding import finding

if TYPE_CHECKING:
    from transpiler.lower.lowering import Lowering
    from transpiler.lower.reader import TaskReader
    from transpiler.model.dag import Argument
    from transpiler.model.pipeline import Expr, StepCall

_CONF = Example(
    before="""\
from datetime import datetime

from airflow import DAG
from airflow.operators.trigger_dagrun import TriggerDagRunOperator

with DAG("nightly", start_date=datetime(2024, 1, 1), schedule="@daily", catchup=False):
    TriggerDagRunOperator(
        task_id="start_reports",
        trigger_dag_id="reports",
        conf={"day": "{{ ds }}"},
        wait_for_completion=True,
        poke_interval=30,
    )
""",
    after="""\
trigger_pipeline(
    "reports",
    conf={"day": "{{ ds }}"},
    wait_for_completion=True,
    poke_interval_seconds=30,
    id="start_reports",
)
""",
)


@rule(
    "airflow.operators.trigger_dagrun.TriggerDagRunOperator",
    "airflow.operators.dagrun_operator.TriggerDagRunOperator",
    "airflow.operators.TriggerDagRunOperator",
    "airflow.providers.standard.operators.trigger_dagrun.TriggerDagRunOperator",
    docs="https://airflow.apache.org/docs/apache-airflow-providers-standard/stable/operators/trigger_dag_run.html",
    examples=[_CONF],
    dynamic=may_skip,
)
def trigger_dag_run_operator(task: TaskReader, to: Lowering) -> StepCall:
    """The emitted pipeline of the other DAG is started as a run of its own, in a process of its
    own; it must be in the same project.
    """
    refuse_skips(task, to)
    _take_what_needs_no_step(task)
    dag_id = task.require("trigger_dag_id")
    _must_be_here(task, to, dag_id)
    kwargs = {
        **pass_on(task, to, {"conf": "conf"}),
        **present(logical_date=_date(task, to)),
        **pass_on(
            task, to, {"trigger_run_id": "run_id", "wait_for_completion": "wait_for_completion"}
        ),
        **present(
            poke_interval_seconds=seconds(task, to, "poke_interval"),
            allowed_states=_states(task, to, "allowed_states", ["success"]),
            failed_states=_states(task, to, "failed_states", ["failed"]),
        ),
    }
    if switch(task, "reset_dag_run"):
        kwargs["reset_run"] = to.literal(True)
    if switch(task, "skip_when_already_exists"):
        kwargs["skip_when_already_exists"] = to.literal(True)
    return step("trigger_pipeline", task, to.expr(dag_id), kwargs=kwargs)


def _take_what_needs_no_step(task: TaskReader) -> None:
    task.not_needed("deferrable", why="a step of ZenML waits in its own process")
    task.not_needed("fail_when_dag_is_paused", why="an emitted pipeline cannot be paused")
    function = given(task, "python_callable")
    if function is not None:
        raise refused(
            task, function, "python_callable makes the run in Airflow 1; give conf instead"
        )


def _must_be_here(task: TaskReader, to: Lowering, dag_id: Argument) -> None:
    known = {dag.dag_id for dag in to.dag_file.dags}
    for one in each_value(dag_id.value):
        if not isinstance(one, str) or one not in known:
            name = "that each instance names" if one is None else repr(one)
            detail = f"starts the pipeline {name}, which must be emitted into the same project"
            report_once(to, about("D2Z312", dag_id, detail, task_id=task.task_id))


def _date(task: TaskReader, to: Lowering) -> Expr | None:
    argument = given(task, "logical_date") or given(task, "execution_date")
    if argument is None:
        if to.dag_file.airflow.major >= 3:
            task.findings.append(finding("D2Z311", task.span, _DATED, task_id=task.task_id))
        return None
    if isinstance(argument.value, datetime):
        return to.literal(argument.value.isoformat())
    return to.expr(argument)


_DATED = (
    "Airflow 3 makes a run without logical date; that of the pipeline has the time of its start"
)


def _states(task: TaskReader, to: Lowering, name: str, default: list[str]) -> Expr | None:
    argument = given(task, name)
    if argument is None or (name == "allowed_states" and argument.value in ([], ())):
        return None
    if not isinstance(argument.value, (list, tuple)):
        raise refused(task, argument, f"{name} is not a list of states that is known from the file")
    states = [constant_name(value) for value in argument.value]
    if None in states:
        raise refused(task, argument, f"{name} has a state that is not known from the file")
    return None if states == default else to.literal(states)
