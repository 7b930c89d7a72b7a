"""What reached a DAG or task from a place that the walk over the statements does not list."""

from __future__ import annotations

from collections.abc import Iterable

from transpiler.account.evidence import Evidence
from transpiler.account.found import Found, Page
from transpiler.model.account import ConstructKind
from transpiler.model.dag import DagFile
from transpiler.model.span import Span

_KINDS: dict[str, ConstructKind] = {"dag": "dag_argument", "dag_default_args": "default_argument"}


def leftover(dag_file: DagFile, evidence: Evidence, found: Iterable[Found]) -> list[Found]:
    """Arguments and tasks at places of which no construct is known: default_args of other modules,
    arguments that a class of the project passes on, attributes set later.
    """
    known = {(item.span.file, *start) for item in found for start in item.starts}
    pages: dict[str, Page] = {}
    for place, given in evidence.arguments.items():
        if place not in known:
            argument = given[0].argument
            kind = _KINDS.get(argument.origin, "argument")
            if argument.name.startswith("on_") and argument.name.endswith("_callback"):
                kind = "callback"
            _add(dag_file, pages, kind, argument.name, argument.span)
            known.add(place)
    for place, tasks in evidence.tasks.items():
        if place not in known:
            _add(dag_file, pages, "task", tasks[0][1].task_id, tasks[0][1].span)
            known.add(place)
    return [item for page in pages.values() for item in page.found]


def _add(
    dag_file: DagFile, pages: dict[str, Page], kind: ConstructKind, name: str, span: Span
) -> None:
    module = dag_file.modules.get(span.file)
    if module is None:
        return
    page = pages.setdefault(span.file, Page.of(module, dag_file.executed))
    page.add(kind, name, span, executed=True)
