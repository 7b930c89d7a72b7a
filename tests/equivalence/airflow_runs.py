"""Runs DAGs by Airflow's own `dag.test()` and says what became of them.

Run in the repository by a Python that has Airflow, 2 or 3, with nothing but the standard library
beside it: `python -m tests.equivalence.airflow_runs < requests.json > outcomes.json`. Requests and
outcomes are described in tests/equivalence/outcome.py. All DAGs run in this process, against a
database of its own.
"""

from __future__ import annotations

import contextlib
import importlib
import importlib.metadata
import json
import os
import sys
import tempfile
import traceback
import warnings
from pathlib import Path
from typing import Any


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
    repository = str(Path(__file__).parents[2])
    sys.path[:] = [entry for entry in sys.path if entry not in ("", repository)]


def make_database() -> None:
    """The tables of this Airflow, in an empty database."""
    with contextlib.redirect_stdout(sys.stderr):
        importlib.import_module("airflow.utils.db").initdb()


def loaded(judge: Any, files: set[str]) -> dict[str, dict[str, Any] | ValueError]:
    """The DAGs of each file, or why there are none."""
    found: dict[str, dict[str, Any] | ValueError] = {}
    for file in sorted(files):
        try:
            found[file] = judge.load(Path(file))
        except ValueError as error:
            found[file] = error
    return found


def answer(
    judge: Any, request: dict[str, Any], dags: dict[str, Any] | ValueError, record: Path
) -> list[dict[str, Any]]:
    """The outcomes of one request: one for each date, in turn."""
    try:
        if isinstance(dags, ValueError):
            raise dags
        dag = dags[request.get("dag_id") or next(iter(dags))]
        return [judge.run_dag(dag, request, date, record) for date in request["dates"]]
    except Exception as error:  # the other DAGs go on; the comparison shows this as the outcome
        if type(error).__name__ == "ParamValidationError":
            return [{"state": "refused"}]
        return [{"error": traceback.format_exc()}]


def main() -> int:
    """Answer the requests on stdin: `{name: request}` gives `{name: [outcome, …]}`."""
    requests = json.load(sys.stdin)
    # Airflow and DAGs print: what they say belongs on stderr, the JSON alone on stdout.
    stdout = os.dup(1)
    os.dup2(2, 1)
    warnings.simplefilter("ignore")
    is_newer = importlib.metadata.version("apache-airflow") >= "3"
    judge = importlib.import_module(f"tests.equivalence.airflow{3 if is_newer else 2}_dag_test")
    with tempfile.TemporaryDirectory(prefix="airflow-runs-") as home:
        isolate(home)
        make_database()
        dags = loaded(judge, {request["file"] for request in requests.values()})
        record = Path(home) / "record.jsonl"
        outcomes = {
            name: answer(judge, request, dags[request["file"]], record)
            for name, request in requests.items()
        }
    with os.fdopen(stdout, "w", encoding="utf-8") as stream:
        json.dump(outcomes, stream)
    return 0


if __name__ == "__main__":
    sys.exit(main())
