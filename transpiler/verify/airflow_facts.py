"""What Airflow itself builds from DAG files, as JSON: the measure that a DagModel is held against.

A program of its own: `EXE airflow_facts.py [--project-root DIR] FILE...`, where EXE is a Python
that has Airflow 2.10 or later. It needs nothing but the standard library and Airflow, so it runs
from this file alone, in that Python; dag2zen starts it as a process and never imports it. It does
run the DAG files, as Airflow does: each in a forked process, without network, with a limit on time
and memory, in an empty AIRFLOW_HOME. Variables and connections come from AIRFLOW_VAR_* and
AIRFLOW_CONN_* only.

Prints `{"airflow", "python", "files": [{"path", "error", "traceback", "dags": [...]}]}`. Exit code
0 even when files fail to load, 2 when Airflow cannot be imported. The database has no tables: a
file that asks it while it loads (SubDagOperator, DatasetAlias) has Airflow's error.
"""

from __future__ import annotations

import argparse
import contextlib
import datetime as dt
import enum
import importlib
import json
import multiprocessing
import os
import re
import resource
import sys
import tempfile
import warnings
from pathlib import Path
from typing import Any

MEMORY_LIMIT_BYTES = 4 * 1024**3
PRESETS = {"OnceTimetable": "@once", "ContinuousTimetable": "@continuous"}
# What is left after Airflow's own limit for an import, which cannot interrupt a long computation.
GRACE_SECONDS = 5
# The line that names the exception; its message may go on below.
EXCEPTION = re.compile(r"^[A-Za-z_][\w.]*(?:: .*)?$", re.MULTILINE)
AIRFLOW_IMPORT = re.compile(r"^\s*(?:from|import)\s+(airflow[\w.]*)", re.MULTILINE)
NETWORK_EVENTS = {"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"}
SEND_EVENTS = {"socket.connect", "socket.sendto", "socket.sendmsg"}
FORK = multiprocessing.get_context("fork")
CALLBACK_EVENTS = ["execute", "failure", "retry", "skipped", "success"]


def plain(value: Any) -> Any:
    """`value` as JSON: containers by element, seconds for durations, names for what has no text."""
    if isinstance(value, enum.Enum):
        return plain(value.value)
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, (set, frozenset)):
        return sorted((plain(item) for item in value), key=str)
    if isinstance(value, dt.timedelta):
        return value.total_seconds()
    if type(value).__name__.endswith("XComArg"):
        return xcom_arg(value)
    if hasattr(value, "openapi_types"):  # a model of the Kubernetes client
        return {key: plain(item) for key, item in value.to_dict().items() if item is not None}
    if callable(value):
        return qualified_name(value)
    text = str(value)
    # A default repr holds an address, which no two runs share.
    return qualified_name(type(value)) if " at 0x" in text else text


def xcom_arg(value: Any) -> Any:
    """The task and key that a TaskFlow value stands for, or its class (`.map`, `.zip`)."""
    operator = getattr(value, "operator", None)
    known = operator and {"task_id": operator.task_id, "key": value.key}
    return {"xcom": known or type(value).__name__}


def qualified_name(value: Any) -> str:
    """Module and name of a class, function or callable object."""
    named = value if hasattr(value, "__qualname__") else type(value)
    return f"{named.__module__}.{named.__qualname__}"


def callbacks(holder: Any) -> dict[str, list[str]]:
    """Names of the callables that a DAG or task calls, by kind."""
    kinds = [f"on_{event}_callback" for event in CALLBACK_EVENTS]
    found = {kind: getattr(holder, kind, None) or [] for kind in kinds}
    lists = {kind: hit if isinstance(hit, list) else [hit] for kind, hit in found.items()}
    return {kind: [qualified_name(item) for item in hits] for kind, hits in lists.items() if hits}


def seconds(value: Any) -> float | None:
    """Length of a timedelta; a bare number is seconds already, as Airflow reads it."""
    return value if value is None else float(plain(value))


def earliest(dates: list[Any]) -> str | None:
    """The first of the dates that are given, in UTC."""
    given = [date.astimezone(dt.timezone.utc) for date in dates if date is not None]
    return min(given).isoformat() if given else None


def first_attribute(holder: Any, *names: str) -> Any:
    """The first attribute that there is: Airflow 3 dropped the underscores."""
    return next((getattr(holder, name) for name in names if hasattr(holder, name)), None)


def schedule(timetable: Any) -> Any:
    """Cron text with presets resolved, seconds, `@once`, `@continuous`, assets, or null.

    A timetable of another kind is null here; `timetable` in the DAG's facts names its class.
    """
    kind = type(timetable).__name__
    if kind in PRESETS:
        return PRESETS[kind]
    condition = first_attribute(timetable, "dataset_condition", "asset_condition")
    pairs = first_attribute(condition, "iter_datasets", "iter_assets")
    if pairs and (assets := sorted(str(getattr(asset, "uri", asset)) for _, asset in pairs())):
        return {"assets": assets}
    return plain(first_attribute(timetable, "_expression", "expression", "_delta", "delta"))


def is_mapped(task: Any) -> bool:
    """Whether the task is expanded by itself, not only with its group."""
    return hasattr(task, "partial_kwargs")


def template_fields(task: Any) -> dict[str, Any]:
    """Values of the template fields. A field that named a template file holds the file's text:
    Airflow reads it while it loads the DAG."""
    if not is_mapped(task):
        return {name: plain(getattr(task, name, None)) for name in task.template_fields}
    values = {**task.partial_kwargs, "expand": task._get_specified_expand_input().value}
    wanted = {*task.template_fields, "expand"}
    return {name: plain(value) for name, value in values.items() if name in wanted}


def task_facts(task: Any) -> dict[str, Any]:
    """What Airflow knows of one task. Ids carry the group's prefix, as everywhere in Airflow."""
    mapped = is_mapped(task) or task.get_closest_mapped_task_group() is not None
    return {
        "task_id": task.task_id,
        "operator": task.task_type,
        "operator_path": qualified_name(task.operator_class if is_mapped(task) else type(task)),
        "upstream": sorted(task.upstream_task_ids),
        "downstream": sorted(task.downstream_task_ids),
        "trigger_rule": str(plain(task.trigger_rule)),
        "retries": task.retries,
        "retry_delay_seconds": seconds(task.retry_delay),
        "retry_exponential_backoff": plain(task.retry_exponential_backoff),
        "max_retry_delay_seconds": seconds(task.max_retry_delay),
        "execution_timeout_seconds": seconds(task.execution_timeout),
        "mapped": mapped,
        "group": task.task_group.group_id if task.task_group else None,
        "callbacks": callbacks(task),
        "template_fields": template_fields(task),
    }


def dag_facts(dag: Any) -> dict[str, Any]:
    """What Airflow knows of one DAG. `start_date` is the earliest of DAG and tasks, in UTC."""
    timetable, params = dag.timetable, dag.params
    zone = first_attribute(timetable, "_timezone", "timezone")
    return {
        "dag_id": dag.dag_id,
        "schedule": schedule(timetable),
        "timetable": {
            "class": type(timetable).__name__,
            "summary": str(getattr(timetable, "summary", type(timetable).__name__)),
            "timezone": str(getattr(zone, "name", zone)) if zone is not None else None,
        },
        "start_date": earliest([dag.start_date, *(task.start_date for task in dag.tasks)]),
        "end_date": earliest([dag.end_date]),
        "catchup": dag.catchup,
        "dagrun_timeout_seconds": seconds(dag.dagrun_timeout),
        "tags": sorted(dag.tags),
        "params": plain(
            {name: params.get_param(name).resolve(suppress_exception=True) for name in params}
        ),
        "callbacks": callbacks(dag),
        "tasks": [task_facts(task) for task in sorted(dag.tasks, key=lambda task: task.task_id)],
    }


def load(path: Path, roots: list[str]) -> dict[str, Any]:
    """Facts of one DAG file; `error` is the `traceback`'s own line. To be called once a process.

    Airflow's safe mode is off: it would pass over a file without the words "dag" and "airflow".
    """
    sys.path[:0] = roots
    bag = dagbag_class()(dag_folder=str(path), safe_mode=False)
    traceback = "\n".join(text.strip() for text in bag.import_errors.values())
    return {
        "error": (EXCEPTION.findall(traceback) or [traceback])[-1] or None,
        "traceback": traceback or None,
        "dags": [dag_facts(dag) for _, dag in sorted(bag.dags.items())],
    }


def dagbag_class() -> Any:
    """DagBag, from its home since Airflow 3.2, or the one before."""
    with contextlib.suppress(ModuleNotFoundError):
        return importlib.import_module("airflow.dag_processing.dagbag").DagBag
    return importlib.import_module("airflow.models.dagbag").DagBag


def refuse_network(event: str, arguments: tuple[Any, ...]) -> None:
    """Audit hook: a DAG file must load without network. Addresses of Unix sockets are no tuples."""
    if event in NETWORK_EVENTS or (event in SEND_EVENTS and isinstance(arguments[-1], tuple)):
        raise PermissionError(f"{event} refused: DAG files are loaded without network")


def describe(path: Path, roots: list[str], limit_seconds: float) -> dict[str, Any]:
    """One entry of `files`: `load` in a forked process, ended when it does not answer in time."""
    reader, writer = FORK.Pipe(duplex=False)
    process = FORK.Process(target=send_facts, args=(writer, path.absolute(), roots))
    process.start()
    writer.close()
    facts: dict[str, Any] = {"traceback": None, "dags": []}
    try:
        if reader.poll(limit_seconds):
            facts = json.loads(reader.recv_bytes())
        else:
            facts["error"] = f"Loading the file took over {limit_seconds:g} s"
    except EOFError:
        facts["error"] = "The process that loaded the file died"
    process.kill()
    process.join()
    return {"path": str(path), **facts}


def send_facts(writer: Any, path: Path, roots: list[str]) -> None:
    """What the forked process does: load the file within limits and answer as JSON."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT_BYTES, MEMORY_LIMIT_BYTES))
    sys.addaudithook(refuse_network)
    writer.send_bytes(json.dumps(load(path, roots)).encode())


def import_roots(path: Path, project_root: Path | None) -> list[str]:
    """Folders that a DAG file's imports may resolve from: its own, and those up to the root."""
    folder, top = path.absolute().parent, (project_root or path.parent).absolute()
    return [str(folder), *(str(above) for above in folder.parents if above.is_relative_to(top))]


def isolate(home: str, timeout: float) -> None:
    """Settings of an Airflow that has nothing: to be made before Airflow is imported."""
    for name in [name for name in os.environ if name.startswith("AIRFLOW__")]:
        del os.environ[name]
    os.environ.pop("AIRFLOW_CONFIG", None)
    os.environ.update(
        AIRFLOW_HOME=home,
        AIRFLOW__CORE__LOAD_EXAMPLES="False",
        AIRFLOW__CORE__DAGBAG_IMPORT_TIMEOUT=str(timeout),
        AIRFLOW__DATABASE__SQL_ALCHEMY_CONN=f"sqlite:///{home}/airflow.db",
        AIRFLOW__LOGGING__LOGGING_LEVEL="WARNING",
    )
    sys.dont_write_bytecode = True  # no __pycache__ beside somebody's DAGs
    # This program's folder is no import root: its modules would shadow a DAG's.
    sys.path[:] = [entry for entry in sys.path if entry != str(Path(__file__).parent)]


def warm_up(paths: list[Path]) -> None:
    """Import what the files import from Airflow once, before the forks, for its seconds."""
    text = "\n".join(path.read_text("utf-8", "replace") for path in paths if path.is_file())
    for name in sorted(set(AIRFLOW_IMPORT.findall(text))):
        with contextlib.suppress(Exception):  # the file that asked for it will say so
            importlib.import_module(name)


def main() -> int:
    """Print the facts of the files named on the command line."""
    parser = argparse.ArgumentParser(description="What Airflow builds from DAG files, as JSON.")
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument("--project-root", type=Path, help="highest folder to import from")
    parser.add_argument("--timeout", type=float, default=30, help="seconds for one file")
    options = parser.parse_args()
    # Airflow and DAG files print: what they say belongs on stderr, the JSON alone on stdout.
    stdout = os.dup(1)
    os.dup2(2, 1)
    warnings.simplefilter("ignore")
    with tempfile.TemporaryDirectory(prefix="airflow-facts-") as home:
        isolate(home, options.timeout)
        try:
            version = importlib.import_module("airflow").__version__
        except ImportError as error:
            print(f"{sys.executable} cannot import Airflow: {error}", file=sys.stderr)
            return 2
        warm_up(options.files)
        limit, root = options.timeout + GRACE_SECONDS, options.project_root
        files = [describe(path, import_roots(path, root), limit) for path in options.files]
    document = {"airflow": version, "python": sys.version.split()[0], "files": files}
    with os.fdopen(stdout, "w", encoding="utf-8") as stream:
        json.dump(document, stream, indent=2)
        stream.write("\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
