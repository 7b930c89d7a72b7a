"""Airflow's API inside callables: which names have an equivalent in `runtime`, under the name that
bodies use.

Every path under which Airflow 1.10, 2.x and 3.x offer a name stands here, so that a body can be
taken over verbatim.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from transpiler.model.pipeline import Import

SKIP = "SkipTask"
FAIL = "FailTask"

_PATHS: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("runtime.airflow_names", "Variable"): (
        "airflow.models.Variable",
        "airflow.models.variable.Variable",
        "airflow.sdk.Variable",
        "airflow.sdk.definitions.variable.Variable",
    ),
    ("runtime.airflow_names", "BaseHook"): (
        "airflow.hooks.base.BaseHook",
        "airflow.hooks.base_hook.BaseHook",
        "airflow.sdk.BaseHook",
        "airflow.sdk.bases.hook.BaseHook",
    ),
    ("runtime.callables", "get_current_context"): (
        "airflow.operators.python.get_current_context",
        "airflow.providers.standard.operators.python.get_current_context",
        "airflow.sdk.get_current_context",
    ),
    ("runtime.exceptions", "PipelineRuntimeError"): (
        "airflow.AirflowException",
        "airflow.exceptions.AirflowException",
        "airflow.sdk.exceptions.AirflowException",
    ),
    ("runtime.exceptions", SKIP): (
        "airflow.exceptions.AirflowSkipException",
        "airflow.sdk.exceptions.AirflowSkipException",
    ),
    ("runtime.exceptions", FAIL): (
        "airflow.exceptions.AirflowFailException",
        "airflow.sdk.exceptions.AirflowFailException",
    ),
    ("runtime.exceptions", "TaskTimeoutError"): (
        "airflow.exceptions.AirflowTaskTimeout",
        "airflow.sdk.exceptions.AirflowTaskTimeout",
    ),
}

_PLUGIN_CLASS = re.compile(r"(^|\.)[A-Z]\w*(Operator|Sensor|Hook)$")

RUNTIME_NAMES: Mapping[str, Import] = {
    path: Import(module, name) for (module, name), paths in _PATHS.items() for path in paths
}


def is_airflow(qualified_name: str) -> bool:
    """Whether a name belongs to Airflow or one of its providers."""
    return qualified_name == "airflow" or qualified_name.startswith("airflow.")


def needs_airflow(qualified_name: str) -> bool:
    """Whether a name from outside of the project works with Airflow only: Airflow's own, that of a
    package made for it (`airflow_clickhouse_plugin.…`), or a class named as its plugins are.
    """
    package, _, member = qualified_name.partition(".")
    return (
        package == "airflow" or package.startswith("airflow_") or bool(_PLUGIN_CLASS.search(member))
    )


def runtime_import(qualified_name: str, bound: str) -> Import | None:
    """The import that binds `bound` to the equivalent of an Airflow name; None without one."""
    found = RUNTIME_NAMES.get(qualified_name)
    if found is None:
        return None
    return Import(found.module, found.name, None if bound == found.name else bound)
