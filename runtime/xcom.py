"""Airflow's XCom over ZenML artifacts.

What a step returns is its output artifact; what it pushes under a key becomes an artifact of the
step, named `<dag>::<task>::xcom::<key>`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from runtime.exceptions import XComError

if TYPE_CHECKING:
    from zenml.models import ArtifactVersionResponse, PipelineRunResponse, StepRunResponse

RETURN_VALUE = "return_value"
_OUTPUT = "output"  # ZenML's name for a step's only output


def xcom_push(key: str, value: Any) -> None:
    """Store a value under a key of the step that is running; `None` too, unlike a return value.

    Raises `XComError` for an empty key and for `return_value`, which only a return can set.
    """
    from zenml import get_step_context, save_artifact

    if not key or key == RETURN_VALUE:
        raise XComError(f"The XCom key {key!r} cannot be pushed. Return the value instead.")
    context = get_step_context()
    save_artifact(
        value,
        name=_artifact_name(context.pipeline.name, context.step_run.name, key),
        extract_metadata=False,
        include_visualizations=False,
    )


def xcom_pull(
    task_ids: str | Sequence[str] | None = None,
    *,
    key: str = RETURN_VALUE,
    dag_id: str | None = None,
) -> Any:
    """Give what a task of the current run returned (`return_value`) or pushed under a key.

    Another key than `return_value` is also found in a returned `dict` (`multiple_outputs`). A list
    of tasks gives the list of the values there are, in that order; no task gives the newest
    value of any task. A value that does not exist is `None`, as in Airflow 2. Another `dag_id` is
    looked up at the same logical date.
    """
    steps = _steps(dag_id)
    if isinstance(task_ids, str):
        return next(iter(_values(steps.get(task_ids), key)), None)
    if task_ids is None:
        return _newest(steps, key)
    return [value for task in task_ids for value in _values(steps.get(task), key)]


def find_artifact(step: StepRunResponse, key: str) -> ArtifactVersionResponse | None:
    """Give the artifact of a step's key; as in Airflow, a step that returned `None` has none."""
    outputs = step.outputs
    suffix = f"::{step.name}::xcom::{_safe(key)}"
    pushed = [versions for name, versions in outputs.items() if name.endswith(suffix)]
    versions = pushed[0] if pushed else outputs.get(_OUTPUT if key == RETURN_VALUE else key)
    found = versions[-1] if versions else None
    is_none = found is not None and found.data_type.attribute == "NoneType"
    return None if is_none and key == RETURN_VALUE else found


def keys(step: StepRunResponse) -> list[str]:
    """Give the keys that a step has values for."""
    marker = f"::{step.name}::xcom::"
    names = (name.partition(marker)[2] or name for name in step.outputs)
    return [RETURN_VALUE if name == _OUTPUT else name for name in names]


def _steps(dag_id: str | None) -> Mapping[str, StepRunResponse]:
    from zenml import get_step_context

    from runtime.context import current_run
    from runtime.runs import runs_at

    current = get_step_context().pipeline_run
    if dag_id is None or dag_id == current_run().dag_id:
        return _fresh(current).steps
    others = runs_at(dag_id, current_run().logical_date)
    return _fresh(others[0]).steps if others else {}


def _fresh(run: PipelineRunResponse) -> PipelineRunResponse:
    from zenml.client import Client

    return Client().get_pipeline_run(run.id)


def _values(step: StepRunResponse | None, key: str) -> list[Any]:
    """Give the value of a step's key, as a list of one or none."""
    if step is None:
        return []
    artifact = find_artifact(step, key)
    if artifact:
        return [artifact.load()]
    returned = find_artifact(step, RETURN_VALUE)
    value = returned.load() if returned and returned.data_type.attribute == "dict" else {}
    return [value[key]] if key in value else []


def _newest(steps: Mapping[str, StepRunResponse], key: str) -> Any:
    artifacts = [artifact for step in steps.values() if (artifact := find_artifact(step, key))]
    newest = max(artifacts, key=lambda artifact: artifact.created, default=None)
    return newest.load() if newest else None


def _artifact_name(pipeline: str, task: str, key: str) -> str:
    return f"{pipeline}::{task}::xcom::{_safe(key)}"


def _safe(key: str) -> str:
    """Write a key so that it is a valid part of an artifact's name, and stays unique."""
    return re.sub(r"[^A-Za-z0-9_. -]", lambda char: f"%{ord(char[0]):x}", key)
