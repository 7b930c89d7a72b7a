"""A task and callbacks look at the states of the run's other tasks."""

import json
import os
from datetime import datetime, timedelta
from pathlib import Path

from airflow import DAG
from airflow.exceptions import AirflowSkipException
from airflow.operators.python import PythonOperator
from airflow.utils.state import State


def record(*line):
    with Path(os.environ["EQUIVALENCE_RECORD"]).open("a") as file:
        file.write(json.dumps(line) + "\n")


def fail():
    raise ValueError("no")


def skip():
    raise AirflowSkipException("not today")


def summary(dag_run, ti):
    found = {one.task_id: one.state for one in dag_run.get_task_instances()}
    failed = dag_run.get_task_instances(state=State.FAILED)
    several = dag_run.get_task_instances(state=[State.SKIPPED, "upstream_failed"])
    one = dag_run.get_task_instance("fails")
    return {
        "states": {
            name: found[name] for name in sorted(found) if name not in ("later", ti.task_id)
        },
        "failed": sorted(one.task_id for one in failed),
        "several": sorted(one.task_id for one in several),
        "one": [one.task_id, one.map_index, one.state, one.current_state(), one.try_number],
        "unknown": dag_run.get_task_instance("nobody"),
        "own": [ti.end_date, ti.duration, dag_run.get_state()],
        "began": [dag_run.start_date is not None, dag_run.end_date],
        "named": bool(ti.hostname),
    }


def raise_for_failed(**context):
    for one in context["dag_run"].get_task_instances():
        if one.current_state() == State.FAILED and one.task_id != context["ti"].task_id:
            raise ValueError(one.task_id)


def tell(context):
    ti = context["task_instance"]
    record("task", ti.task_id, str(ti.state), ti.end_date is not None)


def tell_of_retry(context):
    ti = context["ti"]
    fails = context["dag_run"].get_task_instance("ok").state
    record("retry", ti.task_id, str(ti.state), fails)


def tell_of_run(context):
    failed = context["dag_run"].get_task_instances(state="failed")
    record("run", sorted(one.task_id for one in failed))


with DAG(
    "states_of_other_tasks",
    start_date=datetime(2024, 1, 1),
    schedule=None,
    on_failure_callback=tell_of_run,
    default_args={"on_failure_callback": tell, "on_success_callback": tell},
):
    ok = PythonOperator(task_id="ok", python_callable=lambda: 1)
    fails = PythonOperator(
        task_id="fails",
        python_callable=fail,
        retries=1,
        retry_delay=timedelta(0),
        on_retry_callback=tell_of_retry,
    )
    skips = PythonOperator(task_id="skips", python_callable=skip, on_success_callback=None)
    blocked = PythonOperator(task_id="blocked", python_callable=lambda: 1)
    summed = PythonOperator(task_id="summed", python_callable=summary, trigger_rule="all_done")
    later = PythonOperator(
        task_id="later", python_callable=raise_for_failed, trigger_rule="all_done"
    )
    ok >> fails >> blocked
    [blocked, skips] >> summed >> later
