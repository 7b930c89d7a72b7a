"""Airflow's side: all requests in one process of the Python that has Airflow."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from tests.equivalence.cases import VARIABLES, Case
from tests.equivalence.outcome import Outcome
from tests.judge.airflow_env import PROJECT, AirflowMissingError, airflow_python

PROGRAM = "tests.equivalence.airflow_runs"
# Far above what it takes: two cores may be busy with the rest of the suite.
LIMIT_SECONDS = 900


def airflow_outcomes(
    cases: Iterable[Case], python: Path | None = None, major: int = 2
) -> Mapping[str, list[Outcome]]:
    """The outcomes of each case's runs by its name. Raises where Airflow itself does not start."""
    requests = {case.name: case.request() for case in cases}
    variables = {f"AIRFLOW_VAR_{name.upper()}": value for name, value in VARIABLES.items()}
    with tempfile.TemporaryDirectory(prefix="airflow-side-") as folder:
        sqlite = {"conn_type": "sqlite", "host": f"{folder}/sqlite.db"}
        connections = {"AIRFLOW_CONN_SQLITE_DEFAULT": json.dumps(sqlite)}
        done = subprocess.run(
            [str(python or airflow_python(major)), "-m", PROGRAM],
            input=json.dumps(requests),
            capture_output=True,
            text=True,
            check=False,
            timeout=LIMIT_SECONDS,
            cwd=PROJECT,
            env={**os.environ, **variables, **connections},
        )
    if done.returncode != 0:
        raise AirflowMissingError(done.stderr.strip()[-2000:])
    found = json.loads(done.stdout)
    return {name: [Outcome.of(entry) for entry in entries] for name, entries in found.items()}
