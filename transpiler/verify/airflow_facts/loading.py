"""Loading one DAG file by Airflow's DagBag, in a process that is its own."""

from __future__ import annotations

import contextlib
import importlib
import os
import re
import sys
from pathlib import Path
from typing import Any

from transpiler.verify.airflow_facts.dags import dag_facts

# The line that names the exception; its message may go on below.
EXCEPTION = re.compile(r"^[A-Za-z_][\w.]*(?:: .*)?$", re.MULTILINE)
AIRFLOW_IMPORT = re.compile(r"^\s*(?:from|import)\s+(airflow[\w.]*)", re.MULTILINE)


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


def import_roots(path: Path, project_root: Path | None) -> list[str]:
    """Folders that a DAG file's imports may resolve from: its own, those up to the root, their
    `plugins`, which Airflow itself adds, and what else a repository keeps its modules in."""
    folder, top = path.absolute().parent, (project_root or path.parent).absolute()
    above = [entry for entry in folder.parents if entry.is_relative_to(top)]
    plugins = [entry / "plugins" for entry in (folder, *above)]
    usual = [top / name for name in ("dags", "include", "src")]
    found = [folder, *above, *(entry for entry in (*plugins, *usual) if entry.is_dir())]
    return list(dict.fromkeys(map(str, found)))


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


def make_tables() -> None:
    """Airflow's tables, empty: some constructs (SubDagOperator, DatasetAlias) ask them.

    Tables that refer to those of the users' login are left out: another package defines them.
    """
    settings = importlib.import_module("airflow.settings")
    models = importlib.import_module("airflow.models")
    models.import_all_models()
    metadata = importlib.import_module("airflow.models.base").Base.metadata
    complete = [
        table
        for table in metadata.tables.values()
        if all(key.target_fullname.split(".")[0] in metadata.tables for key in table.foreign_keys)
    ]
    metadata.create_all(settings.engine, tables=complete)
    settings.engine.dispose()  # no process may share a connection


def warm_up(paths: list[Path]) -> None:
    """Import what the files import from Airflow once, before the forks, for its seconds."""
    text = "\n".join(path.read_text("utf-8", "replace") for path in paths if path.is_file())
    for name in sorted(set(AIRFLOW_IMPORT.findall(text))):
        with contextlib.suppress(Exception):  # the file that asked for it will say so
            importlib.import_module(name)
