"""What a branch or a short circuit skips.

Source: `airflow.operators.branch`, `airflow.models.skipmixin`, `airflow.operators.python`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from runtime.dagrun.graph import Graph
from runtime.exceptions import BranchError


def followed(graph: Graph, branch: str, chosen: Any) -> set[str]:
    """Give which of the tasks directly downstream of a branch are followed.

    `chosen` is what the branch returned: an id, several, or `None`; ids of groups stand for the
    first tasks of the group. A task further down a chosen path is followed as well. Raises
    `BranchError` for what is no id of a task or a group.
    """
    ids = set(_task_ids(graph, branch, chosen))
    for id in list(ids):
        ids.update(graph.flat_downstream(id))
    return ids.intersection(graph.downstream[branch])


def _task_ids(graph: Graph, branch: str, chosen: Any) -> Iterable[str]:
    if chosen is None:
        return
    several = isinstance(chosen, Iterable) and not isinstance(chosen, str)
    for id in chosen if several else [chosen]:
        if not isinstance(id, str):
            raise BranchError(
                f"The branch {branch!r} chose {id!r}. It must return a task id, a list of task "
                "ids, or None."
            )
        if id in graph.notes:
            yield id
            continue
        roots = graph.group_roots(id)
        if roots is None:
            raise BranchError(
                f"The branch {branch!r} chose {id!r}, which is no task or group of this pipeline. "
                f"Tasks directly downstream: {', '.join(graph.downstream[branch]) or 'none'}."
            )
        yield from roots


def short_circuited(graph: Graph, task: str) -> list[str]:
    """Give what a short circuit skips: everything downstream, or only its neighbours.

    Teardowns are never skipped. Which of the two it is, `ignore_downstream_trigger_rules` says.
    """
    near = not graph.notes[task].scheduling.ignore_downstream_trigger_rules
    below = graph.downstream[task] if near else graph.flat_downstream(task)
    return [id for id in below if not graph.is_teardown(id)]
