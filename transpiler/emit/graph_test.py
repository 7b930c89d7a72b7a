"""`tests/test_<identifier>.py`: the pipeline has the DAG's tasks and edges.

A static pipeline is compiled by ZenML; a dynamic one says by `runtime.dagrun.plan` what it would run.
"""

from __future__ import annotations

from collections.abc import Iterable

from transpiler.emit.names import assign_names
from transpiler.emit.style import LINE_LENGTH, fill, formatted
from transpiler.emit.text import docstring, quoted, visible
from transpiler.lower.python_literals import literal
from transpiler.model.pipeline import PipelineModel, TaskAccount

_INDENT = "    "


def graph_test(model: PipelineModel) -> str:
    """The test's text, which is written as Black would; only a line that is too long needs it."""
    dynamic = model.mode == "dynamic"
    what = "tasks, edges and trigger rules" if dynamic else "tasks and edges"
    text = fill(
        "plan_test.py.j2" if dynamic else "graph_test.py.j2",
        source_path=visible(model.source_path),
        docstring=docstring(f"The pipeline {model.dag_id} has the {what} of its DAG."),
        identifier=model.identifier,
        function=assign_names(model).function,
        dag_id=quoted(model.dag_id),
        params=literal(dict(model.params))[0] if model.params else "",
        upstream=_upstream(model.tasks),
        trigger_rules=_trigger_rules(model.tasks),
        parts=_parts(model.tasks),
    )
    return formatted(text) if model.params or not _plain(model.dag_id, text) else text


def _plain(dag_id: str, text: str) -> bool:
    """Whether the text is as Black would write it: no line is too long, and the docstring is one."""
    short = all(len(line) <= LINE_LENGTH for line in text.split("\n"))
    return short and text.isascii() and dag_id.isprintable()


def _upstream(tasks: tuple[TaskAccount, ...]) -> str:
    return _dict(_entry(task.task_id, task.upstream) for task in tasks)


def _trigger_rules(tasks: tuple[TaskAccount, ...]) -> str:
    return _dict(
        f"{quoted(task.task_id)}: {quoted(task.trigger_rule)},"
        for task in tasks
        if task.trigger_rule != "all_success"
    )


def _parts(tasks: tuple[TaskAccount, ...]) -> str:
    """Empty where every task is one step of its name."""
    entries = [
        f"{quoted(step_id)}: {quoted(task.task_id)},"
        for task in tasks
        for step_id in task.steps
        if step_id != task.task_id
    ]
    return _dict(entries) if entries else ""


def _entry(task_id: str, upstream: tuple[str, ...]) -> str:
    """A set on one line where it fits, else an element on each line."""
    ids = list(map(quoted, sorted(upstream)))
    line = f"{quoted(task_id)}: {{{', '.join(ids)}}}," if ids else f"{quoted(task_id)}: set(),"
    if len(ids) < 2 or len(_INDENT + line) <= LINE_LENGTH:
        return line
    return "\n".join([f"{quoted(task_id)}: {{", *(f"{_INDENT}{name}," for name in ids), "},"])


def _dict(entries: Iterable[str]) -> str:
    lines = [_INDENT + line for entry in entries for line in entry.split("\n")]
    return "\n".join(["{", *lines, "}"]) if lines else "{}"
