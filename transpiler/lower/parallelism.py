"""How many tasks of one run Airflow lets run at one time."""

from __future__ import annotations

from transpiler.model.dag import Argument, Dag


def limit_of_run(dag: Dag) -> Argument | None:
    """`max_active_tasks`, or `concurrency` as it was called before, where it can hold a task back."""
    argument = dag.arguments.get("max_active_tasks") or dag.arguments.get("concurrency")
    if argument is None or argument.value is None:
        return None
    value = argument.value
    if isinstance(value, int) and not isinstance(value, bool) and value >= _most_at_once(dag):
        return None
    return argument


def _most_at_once(dag: Dag) -> float:
    """No more than this many tasks run at one time: those that are not all in one chain."""
    if any(task.mapped is not None or dag.mapped_group(task) is not None for task in dag.tasks):
        return float("inf")
    length: dict[str, int] = {}
    by_id = {task.task_id: task for task in dag.tasks}
    todo = list(by_id)
    while todo:
        task_id = todo[-1]
        before = by_id[task_id].upstream
        missing = [one for one in before if one not in length]
        if missing:
            todo.extend(missing)
            continue
        length[task_id] = 1 + max((length[one] for one in before), default=0)
        todo.pop()
    return len(by_id) - max(length.values(), default=0) + 1
