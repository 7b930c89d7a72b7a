"""`tests/test_<identifier>.py`: the pipeline has the DAG's tasks and edges.

A static pipeline is compiled by ZenML; a dynamic one says by `runtime.dagrun.plan` what it would run.
"""

from __future__ import annotations

from transpiler.emit.names import assign_names
from transpiler.emit.style import fill, formatted
from transpiler.emit.text import docstring, visible
from transpiler.lower.python_literals import literal
from transpiler.model.pipeline import PipelineModel, TaskAccount


def graph_test(model: PipelineModel) -> str:
    """The test's text."""
    dynamic = model.mode == "dynamic"
    what = "tasks, edges and trigger rules" if dynamic else "tasks and edges"
    return formatted(
        fill(
            "plan_test.py.j2" if dynamic else "graph_test.py.j2",
            source_path=visible(model.source_path),
            docstring=docstring(f"The pipeline {model.dag_id} has the {what} of its DAG."),
            identifier=model.identifier,
            function=assign_names(model).function,
            dag_id=repr(model.dag_id),
            params=literal(dict(model.params))[0] if model.params else "",
            upstream=_upstream(model.tasks),
            trigger_rules=_trigger_rules(model.tasks),
            parts=_parts(model.tasks),
        )
    )


def _upstream(tasks: tuple[TaskAccount, ...]) -> str:
    rows = (f"{task.task_id!r}: {_set(task.upstream)}," for task in tasks)
    return "{" + "\n".join(rows) + "}"


def _trigger_rules(tasks: tuple[TaskAccount, ...]) -> str:
    rows = (
        f"{task.task_id!r}: {task.trigger_rule!r},"
        for task in tasks
        if task.trigger_rule != "all_success"
    )
    return "{" + "\n".join(rows) + "}"


def _set(ids: tuple[str, ...]) -> str:
    return "{" + ", ".join(map(repr, sorted(ids))) + "}" if ids else "set()"


def _parts(tasks: tuple[TaskAccount, ...]) -> str:
    rows = [
        f"{step_id!r}: {task.task_id!r},"
        for task in tasks
        for step_id in task.steps
        if step_id != task.task_id
    ]
    return "{" + "\n".join(rows) + "}" if rows else ""
