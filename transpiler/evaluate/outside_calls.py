"""Calls of code outside the project that could make or connect tasks: they are reported."""

from __future__ import annotations

import re
import sys
from typing import Any

from transpiler.evaluate.builders import DagBuilder, GroupBuilder, TaskBuilder, XCom
from transpiler.evaluate.interpreter import CallSite

_MAKES_TASKS = re.compile(r"task|operator|sensor|task_group|pipeline", re.IGNORECASE)
_MAKES_DAGS = re.compile(r"[Dd]ag$|DAG$|DagFactory$|load_yaml_dags$|generate_dags$")
_ONLY_READS = re.compile(
    r"(?:get|run|test|print|log|is|has|check|validate|assert|register)(?:_|$)", re.IGNORECASE
)
_NO_TASKS = (
    "airflow.",
    "pendulum.",
    "pandas.",
    "numpy.",
    "kubernetes.",
    "yaml.",
    "requests.",
    "jinja2.",
)


def report(site: CallSite, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
    """Say what the call of an outside name could do to the DAGs."""
    ip, last = site.ip, name.rpartition(".")[2]
    if last.endswith("TaskGroup"):
        ip.report("D2Z110", site.node, site.frame, f"{last} makes its tasks when the file runs")
        return
    values = [*args, *kwargs.values()]
    if _ONLY_READS.match(last) or name.partition(".")[0] in sys.stdlib_module_names:
        return
    if any(isinstance(value, DagBuilder) for value in values):
        text = f"{name} gets the DAG and may add tasks to it"
        ip.report("D2Z116", site.node, site.frame, text)
    elif any(isinstance(value, (TaskBuilder, XCom, GroupBuilder)) for value in values):
        if last not in _HARMLESS:
            text = f"{name} gets tasks and may connect them"
            ip.report("D2Z116", site.node, site.frame, text)
    elif name.startswith(_NO_TASKS):
        return
    elif _MAKES_DAGS.search(last):
        ip.report("D2Z116", site.node, site.frame, f"{name} may make a DAG when the file runs")
    elif ip.dag is not None and last.islower() and _MAKES_TASKS.search(last):
        ip.report("D2Z116", site.node, site.frame, f"{name} may make tasks when the file runs")


_HARMLESS = frozenset({"Param", "Asset", "Dataset", "AssetAlias", "DatasetAlias", "Metadata"})
