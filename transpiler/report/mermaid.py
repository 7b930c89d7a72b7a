"""A DAG as Mermaid flowchart text."""

from __future__ import annotations

from transpiler.emit.text import visible
from transpiler.report.models import DagEntry

_MARKUP = {
    "#": "#35;",
    '"': "#quot;",
    "<": "#lt;",
    ">": "#gt;",
    "&": "#amp;",
    "`": "#96;",
    "\\": "#92;",
}


def mermaid_graph(dag: DagEntry) -> str:
    """The graph, tasks that need a person marked. Task ids appear as quoted labels alone."""
    names = {task.task_id: f"t{number}" for number, task in enumerate(dag.tasks)}
    lines = ["flowchart LR"]
    lines += [f'    {names[task.task_id]}["{_label(task.task_id)}"]' for task in dag.tasks]
    lines += [
        f"    {names[before]} --> {names[task.task_id]}"
        for task in dag.tasks
        for before in task.upstream
        if before in names
    ]
    manual = [names[task.task_id] for task in dag.tasks if task.disposition == "manual"]
    if manual:
        lines.append("    classDef manual stroke:#b42318,stroke-width:3px")
        lines.append(f"    class {','.join(manual)} manual")
    return "\n".join(lines) + "\n"


def _label(text: str) -> str:
    return "".join(_MARKUP.get(char, char) for char in visible(text))
