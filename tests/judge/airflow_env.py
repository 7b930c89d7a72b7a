"""The judge: the Python that has Airflow, and what it says about DAG files."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).parents[2]
FACTS = PROJECT / "transpiler" / "verify" / "airflow_facts.py"
REMEDY = "make airflow-env"
# Far above what it takes: two cores may be busy with the rest of the suite.
LIMIT_SECONDS = 240


class AirflowMissingError(Exception):
    """There is no Python with Airflow to judge by. Never a reason to skip: the claims are open."""


def airflow_python() -> Path:
    """The interpreter of the Airflow environment, DAG2ZEN_AIRFLOW_PYTHON before .venv-airflow."""
    named = os.environ.get("DAG2ZEN_AIRFLOW_PYTHON")
    path = Path(named) if named else PROJECT / ".venv-airflow" / "bin" / "python"
    if not path.is_file():
        source = "DAG2ZEN_AIRFLOW_PYTHON" if named else "the project"
        raise AirflowMissingError(f"{source} has no Airflow at {path}. Remedy: {REMEDY}")
    return path


def run_airflow_facts(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """airflow_facts.py as a process of its own, as `dag2zen verify --airflow-python` runs it."""
    command = [str(airflow_python()), str(FACTS), *map(str, arguments)]
    return subprocess.run(
        command, capture_output=True, text=True, check=False, timeout=LIMIT_SECONDS
    )


def airflow_facts(*arguments: str | Path) -> dict[str, dict[str, Any]]:
    """Facts by file name. Fails with what Airflow said when there are none."""
    done = run_airflow_facts(*arguments)
    if done.returncode != 0:
        raise AirflowMissingError(f"{done.stderr.strip()[-2000:]}\nRemedy: {REMEDY}")
    return {Path(entry["path"]).name: entry for entry in json.loads(done.stdout)["files"]}
