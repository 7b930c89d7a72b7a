"""The judges: the Pythons that have Airflow, and what they say about DAG files."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).parents[2]
FACTS = PROJECT / "transpiler" / "verify" / "airflow_facts"
REMEDY = "make airflow-env airflow3-env"
# Far above what it takes: two cores may be busy with the rest of the suite.
LIMIT_SECONDS = 900
_ENVIRONMENTS = {
    2: ("DAG2ZEN_AIRFLOW_PYTHON", ".venv-airflow"),
    3: ("DAG2ZEN_AIRFLOW3_PYTHON", ".venv-airflow3"),
}


class AirflowMissingError(Exception):
    """There is no Python with Airflow to judge by. Never a reason to skip: the claims are open."""


def airflow_python(major: int = 2) -> Path:
    """The interpreter that has Airflow of that version; an environment variable may name it."""
    variable, folder = _ENVIRONMENTS[major]
    named = os.environ.get(variable)
    path = Path(named) if named else PROJECT / folder / "bin" / "python"
    if not path.is_file():
        source = variable if named else "the project"
        raise AirflowMissingError(f"{source} has no Airflow {major} at {path}. Remedy: {REMEDY}")
    return path


def run_airflow_facts(*arguments: str | Path, major: int = 2) -> subprocess.CompletedProcess[str]:
    """airflow_facts as a process of its own, as `dag2zen verify --airflow-python` runs it."""
    command = [str(airflow_python(major)), str(FACTS), *map(str, arguments)]
    return subprocess.run(
        command, capture_output=True, text=True, check=False, timeout=LIMIT_SECONDS
    )


def airflow_facts(*arguments: str | Path, major: int = 2) -> dict[str, dict[str, Any]]:
    """Facts by file name. Fails with what Airflow said when there are none."""
    done = run_airflow_facts(*arguments, major=major)
    if done.returncode != 0:
        raise AirflowMissingError(f"{done.stderr.strip()[-2000:]}\nRemedy: {REMEDY}")
    return {Path(entry["path"]).name: entry for entry in json.loads(done.stdout)["files"]}
