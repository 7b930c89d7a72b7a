"""Asks Airflow itself how it schedules: `python scheduling_facts.py < cases.json > facts.json`.

Run by a Python that has Airflow. The cases are `{"rules": [...], "runs": [...], "groups": [...]}`,
see tests/judge/test_scheduling.py. Everything runs in this process, against a database of its own.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from datetime import datetime, timezone
from typing import Any

DAY = datetime(2024, 1, 2, tzinfo=timezone.utc)


def isolate(home: str) -> None:
    """Settings of an Airflow that has nothing: to be made before Airflow is imported."""
    for name in [name for name in os.environ if name.startswith("AIRFLOW__")]:
        del os.environ[name]
    os.environ.update(
        AIRFLOW_HOME=home,
        AIRFLOW__CORE__LOAD_EXAMPLES="False",
        AIRFLOW__CORE__DAGS_FOLDER=f"{home}/dags",
        AIRFLOW__CORE__EXECUTOR="SequentialExecutor",
        AIRFLOW__DATABASE__SQL_ALCHEMY_CONN=f"sqlite:///{home}/airflow.db",
        AIRFLOW__LOGGING__LOGGING_LEVEL="CRITICAL",
        AIRFLOW__USAGE_DATA_COLLECTION__ENABLED="False",
    )


class NoDatabase:
    """The session of task instances that are stored nowhere."""

    def merge(self, _: Any) -> None:
        """Store nothing."""

    def flush(self) -> None:
        """Store nothing."""


def rule_fact(case: dict[str, Any]) -> list[Any]:
    """What the trigger rule makes of upstream states: [state, may run]."""
    from airflow import DAG
    from airflow.models.dagrun import DagRun
    from airflow.models.taskinstance import TaskInstance
    from airflow.operators.empty import EmptyOperator
    from airflow.ti_deps.dep_context import DepContext
    from airflow.ti_deps.deps.trigger_rule_dep import TriggerRuleDep

    with DAG("rules", start_date=DAY, schedule=None):
        target = EmptyOperator(task_id="target", trigger_rule=case["rule"])
        upstream = []
        for index, (_, is_setup) in enumerate(case["upstream"]):
            task = EmptyOperator(task_id=f"up{index}")
            task.is_setup = is_setup
            task >> target
            upstream.append(task)
    run = DagRun(dag_id="rules", run_id="run")

    def instance(task: Any, state: str | None, map_index: int = -1) -> Any:
        ti = TaskInstance(task, run_id="run", state=state, map_index=map_index)
        ti.dag_run = run
        return ti

    states = [state for state, _ in case["upstream"]]
    tis = [instance(task, state) for task, state in zip(upstream, states, strict=True)]
    ti = instance(target, None, case["map_index"])
    context = DepContext(
        flag_upstream_failed=True, finished_tis=[ti for ti in tis if ti.state is not None]
    )
    statuses = list(TriggerRuleDep()._get_dep_statuses(ti, NoDatabase(), context))
    return [None if ti.state is None else str(ti.state), all(one.passed for one in statuses)]


def run_fact(case: dict[str, Any], number: int) -> dict[str, Any]:
    """What `dag.test()` makes of a DAG: the run's state, and those of the tasks."""
    dag = build(case, f"run{number}")
    return outcome(dag.test(execution_date=DAY))


def outcome(run: Any) -> dict[str, Any]:
    """The state of a run, and those of its tasks."""
    states = {
        ti.task_id if ti.map_index < 0 else f"{ti.task_id}[{ti.map_index}]": ti.state
        for ti in run.get_task_instances()
    }
    return {
        "run": str(run.state),
        "tasks": {label: state and str(state) for label, state in states.items()},
    }


def group_fact(case: dict[str, Any], number: int) -> dict[str, Any]:
    """What `dag.test()` makes of a mapped task group."""
    from airflow.decorators import dag, task, task_group
    from airflow.exceptions import AirflowSkipException

    def end(how: str) -> None:
        if how == "fail":
            raise ValueError("no")
        if how == "skip":
            raise AirflowSkipException("no data")

    @task
    def names() -> list[str]:
        end(case["source"])
        return list(case["over"])

    @task
    def first(name: str) -> str:
        end(name)
        return name

    @task(trigger_rule=case["rule"])
    def second(name: str) -> str:
        return name

    @task(trigger_rule="all_done")
    def third() -> int:
        return 1

    @task
    def after(values: Any) -> None:
        """Come after the group."""

    @task_group
    def g(name: str) -> Any:
        value = first(name)
        second(value) >> third()
        return value

    @dag(dag_id=f"group{number}", start_date=DAY, schedule=None)
    def whole() -> None:
        after(g.expand(name=case["over"] if case["literal"] else names()))

    return outcome(whole().test(execution_date=DAY))


def build(case: dict[str, Any], dag_id: str) -> Any:
    """The DAG of a case."""
    from airflow import DAG

    with DAG(dag_id, start_date=DAY, schedule=None, fail_stop=case.get("fail_fast", False)) as dag:
        for task in case["tasks"]:
            operator = make(task)
            operator.is_setup = task.get("setup", False)
            if task.get("teardown"):
                operator.as_teardown(on_failure_fail_dagrun=task.get("fail_dagrun", False))
    for task in case["tasks"]:
        for other in task["upstream"]:
            dag.get_task(other) >> dag.get_task(task["id"])
    return dag


def make(task: dict[str, Any]) -> Any:
    """The operator of a task, which ends as the case says."""
    from airflow.exceptions import AirflowSkipException
    from airflow.operators.python import (
        BranchPythonOperator,
        PythonOperator,
        ShortCircuitOperator,
    )

    def body(item: Any = None) -> Any:
        if task["ends"] == "failed" or item == "fail":
            raise ValueError("no")
        if task["ends"] == "skipped" or item == "skip":
            raise AirflowSkipException("no data")
        return task.get("gives")

    common = {"task_id": task["id"], "python_callable": body}
    if task["kind"] == "branch":
        return BranchPythonOperator(**common, trigger_rule=task["rule"])
    if task["kind"] == "short_circuit":
        near = task.get("near", False)
        return ShortCircuitOperator(
            **common, trigger_rule=task["rule"], ignore_downstream_trigger_rules=not near
        )
    if task["kind"] == "map":
        return PythonOperator.partial(**common, trigger_rule=task["rule"]).expand(
            op_args=[[item] for item in task["over"]]
        )
    return PythonOperator(**common, trigger_rule=task["rule"])


def do_not_wait() -> None:
    """Let `dag.test()` go on at once where it sleeps a second before the next round."""
    from types import SimpleNamespace

    from airflow.models import dag

    dag.time = SimpleNamespace(sleep=lambda seconds: None)


def main() -> None:
    """Answer all cases."""
    cases = json.load(sys.stdin)
    with tempfile.TemporaryDirectory() as home:
        isolate(home)
        facts: dict[str, Any] = {"rules": [rule_fact(case) for case in cases["rules"]]}
        if cases["runs"]:
            from airflow.utils.db import initdb

            initdb()
            do_not_wait()
            for kind, ask in (("runs", run_fact), ("groups", group_fact)):
                facts[kind] = [ask(case, number) for number, case in enumerate(cases[kind])]
    json.dump(facts, sys.__stdout__)


if __name__ == "__main__":
    answer = sys.stdout
    sys.stdout = sys.stderr  # Airflow prints; the answer alone is on stdout.
    main()
