"""Compiling the emitted pipelines and holding their graphs against migration.json."""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from transpiler.report.models import DagEntry, MigrationDocument, TaskEntry
from transpiler.verify.difference import Difference
from transpiler.verify.errors import VerifyError
from transpiler.verify.programs import facts

_DECIDING = ("branch", "short_circuit")
_FLAGS = ("mapped", "setup", "teardown")


def read_document(folder: Path) -> MigrationDocument:
    """The folder's migration.json. Raises VerifyError where there is none or it is damaged."""
    from pydantic import ValidationError

    path = folder / "migration.json"
    try:
        return MigrationDocument.model_validate_json(path.read_bytes())
    except OSError as error:
        raise VerifyError(
            f"{path}: {error.strerror}. Name the folder that `dag2zen transpile` wrote."
        ) from error
    except ValidationError as error:
        raise VerifyError(f"{path} is damaged; transpile again. {error}") from error


def verify_project(folder: Path, files: Collection[str] | None = None) -> list[Difference]:
    """Compile each pipeline of the folder, or those made of some DAG files, with ZenML, in a process
    of its own that loads the emitted code.

    Holds tasks, edges, retries and retry delays against migration.json, and for dynamic pipelines
    trigger rules, branches, setups and teardowns. Steps that together are one
    task are seen as one. Raises VerifyError where ZenML is missing.
    """
    document = read_document(folder)
    read = [file for file in document.files if files is None or file.path in files]
    dags = [(file.path, dag) for file in read for dag in file.dags if dag.pipeline]
    if not dags:
        return []
    if find_spec("zenml") is None:
        raise VerifyError(
            "verifying needs ZenML in this environment. Install it: pip install 'dag2zen[runtime]'"
        )
    modules = [str(dag.pipeline) for _, dag in dags]
    found = facts(sys.executable, "zenml_facts.py", [str(folder.resolve()), *modules])
    return [
        difference
        for file, dag in dags
        for difference in _pipeline(file, dag, found[str(dag.pipeline)])
    ]


def _pipeline(file: str, dag: DagEntry, found: dict[str, Any]) -> Iterator[Difference]:
    if found["error"]:
        yield Difference(file, dag.dag_id, None, "pipeline", "compiles", found["error"])
        return
    if found["name"] != dag.dag_id:
        yield Difference(file, dag.dag_id, None, "dag_id", dag.dag_id, found["name"])
    if found["steps"] is not None:
        yield from _steps(file, dag, found["steps"])


def _steps(file: str, dag: DagEntry, steps: dict[str, Any]) -> Iterator[Difference]:
    task_of = {step: task.task_id for task in dag.tasks for step in task.steps}
    for step in sorted(steps.keys() - task_of.keys()):
        yield Difference(file, dag.dag_id, step, "task_id", None, step)
    for task in dag.tasks:
        missing = [step for step in task.steps if step not in steps]
        for step in missing:
            yield Difference(file, dag.dag_id, task.task_id, "steps", step, None)
        if not missing:
            parts = [steps[step] for step in task.steps]
            yield from _task(file, dag.dag_id, task, parts, task_of)


def _task(
    file: str, dag_id: str, task: TaskEntry, parts: list[dict[str, Any]], task_of: dict[str, str]
) -> Iterator[Difference]:
    yield from _scheduling(file, dag_id, task, parts, task_of)
    before = {task_of.get(step, step) for part in parts for step in part["upstream"]}
    upstream = sorted(before - {task.task_id})
    if upstream != sorted(task.upstream):
        yield Difference(file, dag_id, task.task_id, "upstream", sorted(task.upstream), upstream)
    for part in parts:
        if part["retries"] != task.retries:
            yield Difference(file, dag_id, task.task_id, "retries", task.retries, part["retries"])
            return
        # ZenML counts whole seconds.
        if task.retries and abs(part["retry_delay_seconds"] - task.retry_delay_seconds) >= 1:
            delays = task.retry_delay_seconds, part["retry_delay_seconds"]
            yield Difference(file, dag_id, task.task_id, "retry_delay_seconds", *delays)
            return


def _scheduling(
    file: str, dag_id: str, task: TaskEntry, parts: list[dict[str, Any]], task_of: dict[str, str]
) -> Iterator[Difference]:
    """What only a dynamic pipeline has; the trigger rule stands on the parts that wait for no other part."""
    last = parts[-1]
    if "kind" not in last:
        return
    first = [part for part in parts if task.task_id not in map(task_of.get, part["upstream"])]
    rules = {part["trigger_rule"] for part in first}
    if rules != {task.trigger_rule}:
        found = ", ".join(sorted(rules))
        yield Difference(file, dag_id, task.task_id, "trigger_rule", task.trigger_rule, found)
    # The step of a task without translation only raises: it decides nothing and is not mapped.
    translated = task.disposition != "manual"
    kind = task.kind if task.kind in _DECIDING else "task"
    if last["kind"] != kind and (translated or last["kind"] != "task"):
        yield Difference(file, dag_id, task.task_id, "kind", kind, last["kind"])
    for name in _FLAGS:
        if name == "mapped" and not translated and not last[name]:
            continue
        if last[name] != getattr(task, name):
            yield Difference(file, dag_id, task.task_id, name, getattr(task, name), last[name])
