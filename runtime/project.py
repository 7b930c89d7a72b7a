"""Where the emitted project's files are."""

from __future__ import annotations

import os
import re
from pathlib import Path

ROOT_VARIABLE = "RUNTIME_PROJECT_ROOT"


def project_root() -> Path:
    """Give the folder that holds `sql/` and `configs/`.

    The environment variable `RUNTIME_PROJECT_ROOT` wins; without it, ZenML's source root is the
    project root, as it is for ZenML's own step and hook sources.
    """
    configured = os.environ.get(ROOT_VARIABLE)
    if configured:
        return Path(configured).resolve()
    from zenml.utils import source_utils

    return Path(source_utils.get_source_root()).resolve()


def pipeline_identifier(dag_id: str) -> str:
    """Make the Python identifier that names a DAG's files (`configs/<identifier>.yaml`).

    Every character that an identifier cannot hold becomes an underscore, and a leading digit gets
    one in front.
    """
    identifier = re.sub(r"\W", "_", dag_id)
    return f"_{identifier}" if identifier[:1].isdigit() else identifier
