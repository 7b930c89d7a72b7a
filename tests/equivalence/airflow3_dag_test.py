"""One run by `dag.test()` of Airflow 3."""

from __future__ import annotations

import contextlib
import importlib
import os
import sys
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from tests.equivalence.airflow_instances import (
    INTERNAL_KEYS,
    LINKS,
    RECORD,
    Pauses,
    instance_id,
    plain,
    recorded,
)

BUNDLE = "dags-folder"
"""The bundle of DAGs that an Airflow has without any settings."""


def xcoms(session: Any, run: Any, ti: Any) -> dict[str, Any]:
    """All XCom values of one task instance by key."""
    model = importlib.import_module("airflow.models.xcom").XComModel
    stored = importlib.import_module("airflow.sdk.execution_time.xcom").XCom
    rows = session.query(model).filter_by(
        dag_id=run.dag_id, run_id=run.run_id, task_id=ti.task_id, map_index=ti.map_index
    )
    return {
        row.key: plain(stored.deserialize_value(row))
        for row in rows
        if row.key not in INTERNAL_KEYS and not row.key.startswith(LINKS)
    }


@contextlib.contextmanager
def watched(run_type: str, order: list[list[str]]) -> Iterator[None]:
    """Let `dag.test` make a run of this type, pause shortly, and note each task's start and end."""
    module = importlib.import_module("airflow.sdk.definitions.dag")
    runs = importlib.import_module("airflow.models.dagrun")
    run_task, sleep, create_run = module._run_task, time.sleep, runs.get_or_create_dagrun
    pauses = Pauses(sleep)
    loop = module.DAG.test.__code__

    def noted(*, ti: Any, **options: Any) -> Any:
        order.append(["start", instance_id(ti)])
        try:
            return run_task(ti=ti, **options)
        finally:
            order.append(["end", instance_id(ti)])

    def pause(seconds: float) -> None:
        """The pauses of `dag.test`'s loop are short; a task's are its own."""
        (pauses.sleep if sys._getframe(1).f_code is loop else sleep)(seconds)

    def scheduled(*, dag: Any, logical_date: datetime, **given: Any) -> Any:
        coerce = importlib.import_module("airflow.serialization.encoders").coerce_to_core_timetable
        interval = coerce(dag.timetable).infer_manual_data_interval(run_after=logical_date)
        run = create_run(dag=dag, logical_date=logical_date, **{**given, "data_interval": interval})
        run.run_type = "scheduled"
        given["session"].commit()
        return run

    module._run_task = noted
    time.sleep = pause
    if run_type == "scheduled":
        runs.get_or_create_dagrun = scheduled
    try:
        yield
    finally:
        module._run_task, time.sleep, runs.get_or_create_dagrun = run_task, sleep, create_run


def activate_assets(dag: Any) -> None:
    """Make the assets of a DAG the active ones: those of other examples have the same names and
    URIs in other pairs, and Airflow fails tasks that update an asset which is not active.
    """
    models = importlib.import_module("airflow.models.asset")
    asset = importlib.import_module("airflow.sdk").Asset
    known = {
        (one.name, one.uri)
        for task in dag.tasks
        for one in (*task.inlets, *task.outlets)
        if isinstance(one, asset)
    }
    create_session = importlib.import_module("airflow.utils.session").create_session
    with create_session() as session:
        session.query(models.AssetActive).delete()
        for model in session.query(models.AssetModel):
            if (model.name, model.uri) in known:
                session.add(models.AssetActive.for_asset(model))


def run_dag(dag: Any, request: dict[str, Any], date: str, record: Path) -> dict[str, Any]:
    """One outcome: a DAG's run at one date."""
    create_session = importlib.import_module("airflow.utils.session").create_session
    record.write_text("", "utf-8")
    os.environ[RECORD] = str(record)
    order: list[list[str]] = []
    started = time.perf_counter()
    activate_assets(dag)
    with watched(request.get("run_type", "manual"), order):
        run = dag.test(
            logical_date=datetime.fromisoformat(date), run_conf=request.get("conf") or None
        )
    seconds = time.perf_counter() - started
    with create_session() as session:
        return {
            "state": str(run.state),
            "tasks": {
                instance_id(ti): {
                    "state": None if ti.state is None else str(ti.state),
                    "xcom": xcoms(session, run, ti),
                    "tries": ti.try_number,
                }
                for ti in run.get_task_instances(session=session)
            },
            "order": order,
            "recorded": recorded(record),
            "seconds": round(seconds, 3),
        }


def load(path: Path) -> dict[str, Any]:
    """The DAGs of a file by id, known to the database: one may be triggered by another one."""
    manager = importlib.import_module("airflow.dag_processing.bundles.manager").DagBundlesManager
    bags = importlib.import_module("airflow.dag_processing.dagbag")
    Path(os.environ["AIRFLOW__CORE__DAGS_FOLDER"]).mkdir(exist_ok=True)
    os.environ["AIRFLOW__CORE__LOAD_EXAMPLES"] = "True"  # the plugins that examples need
    manager().sync_bundles_to_db()
    sys.path.insert(0, str(path.parent))
    try:
        bag = bags.DagBag(
            dag_folder=str(path),
            safe_mode=False,
            bundle_path=path.parent,
            bundle_name=BUNDLE,
        )
    finally:
        sys.path.remove(str(path.parent))
    if bag.import_errors:
        raise ValueError("\n".join(bag.import_errors.values()))
    bags.sync_bag_to_db(bag, BUNDLE, None)
    return dict(bag.dags)
