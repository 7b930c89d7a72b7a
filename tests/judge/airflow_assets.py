"""Which runs Airflow 2.10's scheduler makes when datasets are updated: cases as JSON on the standard
input, answers on the output.

Runs in the environment that has Airflow; nothing here knows this project.
"""

from __future__ import annotations

import json
import logging
import os
import sys
import tempfile
from datetime import datetime
from pathlib import Path
from typing import Any

folder = tempfile.mkdtemp(prefix="airflow-assets-")
os.environ.update(
    AIRFLOW_HOME=folder,
    AIRFLOW__DATABASE__SQL_ALCHEMY_CONN=f"sqlite:///{Path(folder) / 'airflow.db'}",
    AIRFLOW__CORE__LOAD_EXAMPLES="False",
    AIRFLOW__CORE__DAGS_FOLDER=str(Path(folder) / "dags"),
)

from airflow import DAG, settings  # noqa: E402
from airflow.datasets import Dataset, DatasetAll, DatasetAny  # noqa: E402
from airflow.datasets.manager import dataset_manager  # noqa: E402
from airflow.jobs.job import Job  # noqa: E402
from airflow.jobs.scheduler_job_runner import SchedulerJobRunner  # noqa: E402
from airflow.models import DagBag, DagRun  # noqa: E402
from airflow.operators.empty import EmptyOperator  # noqa: E402
from airflow.utils import db  # noqa: E402
from airflow.utils.sqlalchemy import prohibit_commit  # noqa: E402


def condition_of(written: Any) -> Any:
    if isinstance(written, str):
        return Dataset(written)
    ((kind, parts),) = written.items()
    return {"all": DatasetAll, "any": DatasetAny}[kind](*map(condition_of, parts))


def runs_of(dag_id: str, session: Any) -> list[DagRun]:
    found = session.query(DagRun).filter(DagRun.dag_id == dag_id).order_by(DagRun.execution_date)
    return list(found)


def answer(case: dict[str, Any], number: int, runner: Any, session: Any) -> list[Any]:
    """After each update: the numbers of the updates that a new run has consumed, or nothing."""
    dag_id = f"case_{number}"
    answers: list[Any] = []
    for index, uri in enumerate(case["updates"]):
        before = len(runs_of(dag_id, session))
        dataset_manager.register_dataset_change(
            dataset=Dataset(uri), extra={"number": index}, session=session
        )
        session.commit()
        if index not in case["looks"]:
            answers.append(None)
            continue
        with prohibit_commit(session) as guard:
            runner._create_dagruns_for_dags(guard, session)
        runs = runs_of(dag_id, session)
        if len(runs) == before:
            answers.append(None)
            continue
        run = runs[-1]
        events = sorted(event.extra["number"] for event in run.consumed_dataset_events)
        interval = [run.data_interval_start, run.data_interval_end]
        stamps = sorted(event.timestamp for event in run.consumed_dataset_events)
        answers.append(
            {
                "events": events,
                "run_id_is_of_date": run.run_id
                == f"dataset_triggered__{run.execution_date.isoformat()}",
                "interval_spans_events": interval == [stamps[0], stamps[-1]],
            }
        )
        run.set_state("success")
        session.commit()
    return answers


def main() -> None:
    output = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    logging.disable(logging.CRITICAL)
    cases = json.load(sys.stdin)
    db.initdb(load_connections=False)
    session = settings.Session()
    bag = DagBag(os.environ["AIRFLOW__CORE__DAGS_FOLDER"], include_examples=False)
    for number, case in enumerate(cases):
        with DAG(
            f"case_{number}", start_date=datetime(2024, 1, 1), schedule=condition_of(case["when"])
        ) as dag:
            EmptyOperator(task_id="t")
        dag.fileloc = __file__
        bag.dags[dag.dag_id] = dag
    bag.sync_to_db(session=session)
    from airflow.models import DagModel

    session.query(DagModel).update({"is_paused": False, "is_active": True})
    session.commit()
    runner = SchedulerJobRunner(job=Job(), subdir=os.devnull)
    runner.dagbag = bag
    answers = [answer(case, number, runner, session) for number, case in enumerate(cases)]
    json.dump(answers, output)
    output.close()


if __name__ == "__main__":
    main()
