"""Runs DAGs by Airflow's own `dag.test()` and says what became of them.

Run by a Python that has Airflow, with nothing but the standard library beside it:
`python airflow_runs.py < requests.json > outcomes.json`. Requests and outcomes are described in
tests/equivalence/outcome.py. All DAGs run in this process, against a database of its own.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import sys
import tempfile
import time
import traceback
import warnings
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

RECORD = "EQUIVALENCE_RECORD"
"""Environment variable that names the file where a DAG's callbacks write a line each."""
PAUSE_SECONDS = 0.01
"""What `dag.test` sleeps while no task can run, instead of a second."""
MOST_PAUSES = 500
"""More pauses than this: the run will never end, as with `depends_on_past` after a failure."""
INTERNAL_KEYS = {"skipmixin_key", "pipeline_inlets", "pipeline_outlets"}
"""XCom keys by which Airflow remembers decisions and lineage: no values of the user."""


class StuckError(Exception):
    """The run waits for something that will not happen."""


class Pauses:
    """Stands for the module `time` in `dag.test`'s loop: its waits are short and counted."""

    def __init__(self) -> None:
        self.taken = 0

    def sleep(self, seconds: float) -> None:
        self.taken += 1
        if self.taken > MOST_PAUSES:
            raise StuckError("No task can run, and the run does not end.")
        time.sleep(min(seconds, PAUSE_SECONDS))


def isolate(home: str) -> None:
    """Settings of an Airflow that has nothing: to be made before Airflow is imported."""
    for name in [name for name in os.environ if name.startswith("AIRFLOW__")]:
        del os.environ[name]
    os.environ.pop("AIRFLOW_CONFIG", None)
    os.environ.update(
        AIRFLOW_HOME=home,
        AIRFLOW__CORE__LOAD_EXAMPLES="False",
        AIRFLOW__CORE__DAGS_FOLDER=f"{home}/dags",
        AIRFLOW__CORE__EXECUTOR="SequentialExecutor",
        AIRFLOW__CORE__FERNET_KEY="",
        AIRFLOW__DATABASE__SQL_ALCHEMY_CONN=f"sqlite:///{home}/airflow.db",
        AIRFLOW__LOGGING__LOGGING_LEVEL="CRITICAL",
        AIRFLOW__USAGE_DATA_COLLECTION__ENABLED="False",
    )
    sys.dont_write_bytecode = True  # no __pycache__ beside the DAGs
    sys.path[:] = [entry for entry in sys.path if entry != str(Path(__file__).parent)]


def make_database() -> None:
    """The tables of this Airflow, in an empty database."""
    with contextlib.redirect_stdout(sys.stderr):
        importlib.import_module("airflow.utils.db").initdb()


def plain(value: Any) -> Any:
    """A value as JSON: dates as ISO text, what has no JSON form by its `repr`."""
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        items = sorted(value) if isinstance(value, (set, frozenset)) else value
        return [plain(item) for item in items]
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return value if isinstance(value, (str, int, float, bool, type(None))) else repr(value)


def instance_id(ti: Any) -> str:
    """The name of a task instance: its task's id, with the index where the task is mapped."""
    return ti.task_id if ti.map_index < 0 else f"{ti.task_id}[{ti.map_index}]"


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


def recorded(path: Path) -> list[Any]:
    """What the DAG's code wrote to its record, line by line."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


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


def loaded(files: set[str]) -> dict[str, dict[str, Any] | ValueError]:
    """The DAGs of each file, or why there are none."""
    found: dict[str, dict[str, Any] | ValueError] = {}
    for file in sorted(files):
        try:
            found[file] = load(Path(file))
        except ValueError as error:
            found[file] = error
    return found


def answer(
    request: dict[str, Any], dags: dict[str, Any] | ValueError, record: Path
) -> list[dict[str, Any]]:
    """The outcomes of one request: one for each date, in turn."""
    try:
        if isinstance(dags, ValueError):
            raise dags
        dag = dags[request.get("dag_id") or next(iter(dags))]
        return [run_dag(dag, request, date, record) for date in request["dates"]]
    except Exception:  # the other DAGs go on; the comparison shows this as the outcome
        return [{"error": traceback.format_exc()}]


def main() -> int:
    """Answer the requests on stdin: `{name: request}` gives `{name: [outcome, …]}`."""
    requests = json.load(sys.stdin)
    # Airflow and DAGs print: what they say belongs on stderr, the JSON alone on stdout.
    stdout = os.dup(1)
    os.dup2(2, 1)
    warnings.simplefilter("ignore")
    with tempfile.TemporaryDirectory(prefix="airflow-runs-") as home:
        isolate(home)
        make_database()
        dags = loaded({request["file"] for request in requests.values()})
        record = Path(home) / "record.jsonl"
        outcomes = {
            name: answer(request, dags[request["file"]], record)
            for name, request in requests.items()
        }
    with os.fdopen(stdout, "w", encoding="utf-8") as stream:
        json.dump(outcomes, stream)
    return 0


if __name__ == "__main__":
    sys.exit(main())
