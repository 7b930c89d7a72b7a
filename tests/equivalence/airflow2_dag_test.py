"""One run by `dag.test()` of Airflow 2."""

from __future__ import annotations

import contextlib
import importlib
import os
import sys
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from tests.equivalence.airflow_instances import (
    INTERNAL_KEYS,
    RECORD,
    Pauses,
    instance_id,
    plain,
    recorded,
)


def xcoms(session: Any, run: Any, ti: Any) -> dict[str, Any]:
    """All XCom values of one task instance by key."""
    model = importlib.import_module("airflow.models.xcom").XCom
    # Columns, not objects: those would hold an abridged text in the place of an object's value.
    rows = session.query(model.key, model.value).filter_by(
        dag_id=run.dag_id, run_id=run.run_id, task_id=ti.task_id, map_index=ti.map_index
    )
    return {
        row.key: plain(model.deserialize_value(row)) for row in rows if row.key not in INTERNAL_KEYS
    }


def rendered(session: Any, ti: Any) -> dict[str, Any]:
    """The template fields of one task instance as Airflow rendered them; empty when it never ran."""
    model = importlib.import_module("airflow.models.renderedtifields").RenderedTaskInstanceFields
    return plain(model.get_templated_fields(ti, session=session) or {})


def task_outcome(session: Any, run: Any, ti: Any) -> dict[str, Any]:
    """One entry of an outcome's `tasks`."""
    return {
        "state": None if ti.state is None else str(ti.state),
        "xcom": xcoms(session, run, ti),
        "tries": ti.try_number,
        "rendered": rendered(session, ti),
    }


@contextlib.contextmanager
def watched(run_type: str, order: list[list[str]]) -> Iterator[None]:
    """Let `dag.test` make a run of this type, pause shortly, and note each task's start and end.

    By itself it makes a manual run that, unlike those of users, does not count as triggered.
    """
    module = importlib.import_module("airflow.models.dag")
    run_types = importlib.import_module("airflow.utils.types").DagRunType
    timeout = importlib.import_module("airflow.exceptions").AirflowTaskTimeout
    originals = {
        name: getattr(module, name) for name in ("_run_task", "_get_or_create_dagrun", "time")
    }

    def run_task(*, ti: Any, **options: Any) -> None:
        order.append(["start", instance_id(ti)])
        try:
            originals["_run_task"](ti=ti, **options)
        except timeout as error:
            # No `Exception`, so it would end `dag.test`; the task is marked as failed already.
            raise TimeoutError from error
        finally:
            order.append(["end", instance_id(ti)])

    def create_run(
        *, dag: Any, execution_date: datetime, session: Any, conf: Any, **given: Any
    ) -> Any:
        scheduled = run_type == "scheduled"
        automated = dag.infer_automated_data_interval
        return dag.create_dagrun(
            run_type=run_types(run_type),
            state="running",
            execution_date=execution_date,
            start_date=execution_date,
            data_interval=automated(execution_date) if scheduled else given["data_interval"],
            external_trigger=not scheduled,
            conf=conf,
            session=session,
        )

    module._run_task = run_task
    module.time = SimpleNamespace(sleep=Pauses().sleep)
    module._get_or_create_dagrun = create_run
    try:
        yield
    finally:
        vars(module).update(originals)


def run_dag(dag: Any, request: dict[str, Any], date: str, record: Path) -> dict[str, Any]:
    """One outcome: a DAG's run at one date."""
    create_session = importlib.import_module("airflow.utils.session").create_session
    record.write_text("", "utf-8")
    os.environ[RECORD] = str(record)
    order: list[list[str]] = []
    started = time.perf_counter()
    with create_session() as session, watched(request.get("run_type", "manual"), order):
        run = dag.test(
            execution_date=datetime.fromisoformat(date),
            run_conf=request.get("conf"),
            session=session,
        )
        seconds = time.perf_counter() - started
        instances = run.get_task_instances(session=session)
        return {
            "state": str(run.state),
            "tasks": {instance_id(ti): task_outcome(session, run, ti) for ti in instances},
            "order": order,
            "recorded": recorded(record),
            "seconds": round(seconds, 3),
        }


def load(path: Path) -> dict[str, Any]:
    """The DAGs of a file by id, known to the database: one may be triggered by another one."""
    bag_class = importlib.import_module("airflow.models.dagbag").DagBag
    sys.path.insert(0, str(path.parent))
    try:
        bag = bag_class(dag_folder=str(path), safe_mode=False, include_examples=False)
    finally:
        sys.path.remove(str(path.parent))
    if bag.import_errors:
        raise ValueError("\n".join(bag.import_errors.values()))
    bag.sync_to_db()
    return dict(bag.dags)
