"""Airflow's XCom over ZenML artifacts.

What a step returns is its output artifact; what it pushes under a key becomes an artifact of the
step, named `<dag>::<task>::xcom::<key>`. Each instance of a mapped task is a step `<task>[<index>]`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from runtime.assets.store import PREFIX as ASSETS
from runtime.context import split_step_name
from runtime.exceptions import XComError

if TYPE_CHECKING:
    from zenml.models import ArtifactVersionResponse, PipelineRunResponse, StepRunResponse

RETURN_VALUE = "return_value"
MULTIPLE_OUTPUTS = "multiple_outputs"
"""In a step's `extra`: each key of the returned dict is an XCom of its own."""
DO_XCOM_PUSH = "do_xcom_push"
"""In a step's `extra`: `False` where other tasks do not see what it returns."""
_OUTPUT = "output"  # ZenML's name for a step's only output


def xcom_push(key: str, value: Any) -> None:
    """Store a value under a key of the step that is running; `None` too, unlike a return value.

    Raises `XComError` for an empty key, for `return_value`, which only a return can set, and for a
    value that cannot be stored.
    """
    from zenml import get_step_context, save_artifact

    if not key or key == RETURN_VALUE:
        raise XComError(f"The XCom key {key!r} cannot be pushed. Return the value instead.")
    context = get_step_context()
    try:
        save_artifact(
            value,
            name=_artifact_name(context.pipeline.name, context.step_run.name, key),
            extract_metadata=False,
            include_visualizations=False,
        )
    except (TypeError, ValueError, AttributeError, OSError) as error:
        raise XComError(
            f"The value of the XCom key {key!r}, a {type(value).__name__}, cannot be stored: {error}. "
            "Push plain data, or the place where the data is."
        ) from error


def xcom_pull(
    task_ids: str | Iterable[str] | None = None,
    *,
    key: str | None = RETURN_VALUE,
    dag_id: str | None = None,
    map_indexes: int | Iterable[int] | None = None,
    include_prior_dates: bool = False,
    default: Any = None,
) -> Any:
    """Give what a task of the current run returned (`return_value`) or pushed under a key.

    A mapped task gives the list of its instances' values in map order, unless `map_indexes` names
    one. A list of tasks, or of indexes, gives the list of the values there are, in that order; no
    task gives the newest value of any task. A value that does not exist is `default`, as in
    Airflow 2. Another `dag_id` is looked up at the same logical date; with `include_prior_dates`,
    where that has no value, at the dates before it.

    Source: `airflow.models.taskinstance._xcom_pull`.
    """
    for steps in _runs(dag_id, include_prior_dates):
        found = _pulled(_Steps(steps, key or RETURN_VALUE), task_ids, map_indexes)
        if found:
            return found[0]
    several = not (task_ids is None or isinstance(task_ids, str)) or isinstance(
        map_indexes, Iterable
    )
    return [] if several else default


def step_value(step: StepRunResponse, key: str) -> list[Any]:
    """Give the value of a step's key, as a list of one or none.

    A key of a returned dict counts where the step's `extra` says that it has multiple outputs.
    """
    artifact = find_artifact(step, key)
    if artifact:
        return [artifact.load()]
    if not has_multiple_outputs(step):
        return []
    returned = find_artifact(step, RETURN_VALUE)
    value = returned.load() if returned and returned.data_type.attribute == "dict" else {}
    return [value[key]] if key in value else []


def has_multiple_outputs(step: StepRunResponse) -> bool:
    """Tell whether each key of what the step returns is an XCom of its own."""
    return bool((step.config.extra or {}).get(MULTIPLE_OUTPUTS))


def find_artifact(step: StepRunResponse, key: str) -> ArtifactVersionResponse | None:
    """Give the artifact of a step's key; as in Airflow, a step that returned `None` has none."""
    if key == RETURN_VALUE and (step.config.extra or {}).get(DO_XCOM_PUSH) is False:
        return None
    outputs = step.outputs
    suffix = f"::xcom::{_safe(key)}"
    pushed = [versions for name, versions in outputs.items() if name.endswith(suffix)]
    versions = pushed[0] if pushed else outputs.get(_OUTPUT if key == RETURN_VALUE else key)
    found = versions[-1] if versions else None
    is_none = found is not None and found.data_type.attribute == "NoneType"
    return None if is_none and key == RETURN_VALUE else found


def keys(step: StepRunResponse) -> list[str]:
    """Give the keys that a step has artifacts for."""
    names = (
        _key(name.partition("::xcom::")[2]) or name
        for name in step.outputs
        if not name.startswith(ASSETS)
    )
    return [RETURN_VALUE if name == _OUTPUT else name for name in names]


class _Steps:
    """The steps of a run, by task id and map index."""

    def __init__(self, steps: Mapping[str, StepRunResponse], key: str) -> None:
        self._key = key
        self._by_task: dict[str, dict[int, StepRunResponse]] = {}
        for name, step in steps.items():
            task, index = split_step_name(name)
            self._by_task.setdefault(task, {})[index] = step

    def values(self, task: str, indexes: int | Sequence[int] | None) -> list[Any]:
        """Give the values of a task's instances: in map order, or in the order of the indexes."""
        instances = self._by_task.get(task, {})
        if indexes is None:
            wanted: Sequence[int] = sorted(instances)
        else:
            wanted = [indexes] if isinstance(indexes, int) else indexes
        steps = (instances[index] for index in wanted if index in instances)
        return [value for step in steps for value in step_value(step, self._key)]

    def is_mapped(self, task: str) -> bool:
        """Tell whether a task has instances."""
        return any(index >= 0 for index in self._by_task.get(task, {}))

    def tasks(self) -> list[str]:
        """Give the ids of all tasks."""
        return sorted(self._by_task)

    def newest(self) -> str | None:
        """Give the task whose value was made last."""
        made = {
            task: artifact.created
            for task, instances in self._by_task.items()
            for step in instances.values()
            if (artifact := find_artifact(step, self._key))
        }
        return max(made, key=lambda task: made[task]) if made else None


def _pulled(
    steps: _Steps, task_ids: str | Iterable[str] | None, map_indexes: int | Iterable[int] | None
) -> list[Any]:
    """Give the answer, as a list of one or none."""
    indexes = map_indexes if isinstance(map_indexes, int) or map_indexes is None else [*map_indexes]
    if task_ids is None or isinstance(task_ids, str):
        if isinstance(indexes, list):
            tasks = [task_ids] if task_ids is not None else steps.tasks()
            return [found] if (found := _all(steps, tasks, indexes)) else []
        task = steps.newest() if task_ids is None else task_ids
        values = steps.values(task, indexes) if task is not None else []
        if indexes is None and task is not None and steps.is_mapped(task):
            return [values] if values else []
        return values[:1]
    return [found] if (found := _all(steps, task_ids, indexes)) else []


def _all(steps: _Steps, tasks: Iterable[str], indexes: int | Sequence[int] | None) -> list[Any]:
    return [value for task in tasks for value in steps.values(task, indexes)]


def _runs(dag_id: str | None, prior: bool) -> Iterator[Mapping[str, StepRunResponse]]:
    """Give the steps of the run to pull from; with `prior`, of the runs before it as well."""
    from zenml import get_step_context

    from runtime.context import current_run
    from runtime.runs import runs_at, runs_before

    current, run = get_step_context().pipeline_run, current_run()
    own = dag_id is None or dag_id == run.dag_id
    if own:
        yield _fresh(current).steps
    else:
        yield from (_fresh(other).steps for other in runs_at(dag_id or "", run.logical_date)[:1])
    if prior:
        for other in runs_before(dag_id or run.dag_id, run.logical_date):
            yield _fresh(other).steps


def _fresh(run: PipelineRunResponse) -> PipelineRunResponse:
    from zenml.client import Client

    return Client().get_pipeline_run(run.id)


def _artifact_name(pipeline: str, step: str, key: str) -> str:
    return f"{pipeline}::{_safe(step)}::xcom::{_safe(key)}"


def _safe(key: str) -> str:
    """Write a key so that it is a valid part of an artifact's name, and stays unique."""
    return re.sub(r"[^A-Za-z0-9_. -]", lambda char: f"%{ord(char[0]):06x}", key)


def _key(safe: str) -> str:
    """Undo `_safe`."""
    return re.sub(r"%([0-9a-f]{6})", lambda code: chr(int(code[1], 16)), safe)
