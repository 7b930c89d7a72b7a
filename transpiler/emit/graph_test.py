"""`tests/test_<identifier>.py`: the pipeline compiles and has the DAG's tasks and edges."""

from __future__ import annotations

from transpiler.emit.names import assign_names
from transpiler.emit.style import fill, formatted
from transpiler.emit.text import docstring, visible
from transpiler.lower.python_literals import literal
from transpiler.model.pipeline import PipelineModel, TaskAccount


def graph_test(model: PipelineModel) -> str:
    """The test's text."""
    return formatted(
        fill(
            "graph_test.py.j2",
            source_path=visible(model.source_path),
            docstring=docstring(f"The pipeline {model.dag_id} has the tasks and edges of its DAG."),
            identifier=model.identifier,
            function=assign_names(model).function,
            dag_id=repr(model.dag_id),
            params=literal(dict(model.params))[0] if model.params else "",
            upstream=_upstream(model.tasks),
            parts=_parts(model.tasks),
        )
    )


def _upstream(tasks: tuple[TaskAccount, ...]) -> str:
    rows = (f"{task.task_id!r}: {_set(task.upstream)}," for task in tasks)
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
