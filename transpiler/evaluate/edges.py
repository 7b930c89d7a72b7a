"""Order between tasks: `>>`, `<<`, `set_upstream`, `chain` and the rest, as Airflow has them.

Source of the behaviour: `airflow/models/taskmixin.py`, `airflow/utils/task_group.py`,
`airflow/models/baseoperator.py`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import libcst as cst

from transpiler.evaluate.builders import (
    EdgeLabel,
    GroupBuilder,
    MappedParameter,
    TaskBuilder,
    XCom,
    XComList,
)
from transpiler.evaluate.errors import DagCodeError
from transpiler.evaluate.frames import Frame
from transpiler.evaluate.interpreter import CallSite, Interpreter
from transpiler.model.values import Symbolic


def add_edge(
    ip: Interpreter, upstream: TaskBuilder, downstream: TaskBuilder, label: str | None = None
) -> None:
    """`upstream >> downstream`; a task without a DAG joins the DAG of the other."""
    ip.only_reads()
    ip.events += 1
    ip.budget.tick(None)
    downstream.upstream.setdefault(upstream, label)
    if label is not None:
        downstream.upstream[upstream] = label
    for one, other in ((upstream, downstream), (downstream, upstream)):
        if one.dag is None and other.dag is not None:
            from transpiler.evaluate.operators import join_dag

            join_dag(ip, one, other.dag)


def heads(value: Any) -> list[TaskBuilder]:
    """Tasks that come first in what stands on the right of `>>`."""
    return _tasks(value, first=True)


def tails(value: Any) -> list[TaskBuilder]:
    """Tasks that come last in what stands on the left of `>>`."""
    return _tasks(value, first=False)


def _tasks(value: Any, *, first: bool) -> list[TaskBuilder]:
    if isinstance(value, TaskBuilder):
        return [value]
    if isinstance(value, XCom):
        return [value.task]
    if isinstance(value, XComList):
        return value.tasks()
    if isinstance(value, GroupBuilder):
        return value.roots() if first else value.leaves()
    if isinstance(value, (list, tuple, set)):
        return [task for item in value for task in _tasks(item, first=first)]
    if isinstance(value, dict):
        return [task for item in value.values() for task in _tasks(item, first=first)]
    return []


def connect(ip: Interpreter, left: Any, right: Any) -> None:
    """Every last task of `left` before every first task of `right`. Labels wait for their other
    side.
    """
    if _has_labels(left):
        for item in left:
            connect(ip, item, right)
        return
    if _has_labels(right):
        for item in right:
            connect(ip, left, item)
        return
    label = right if isinstance(right, EdgeLabel) else left if isinstance(left, EdgeLabel) else None
    before = left.upstream if isinstance(left, EdgeLabel) else tails(left)
    after = right.downstream if isinstance(right, EdgeLabel) else heads(right)
    for upstream in before:
        for downstream in after:
            add_edge(ip, upstream, downstream, label.text if label else None)
    if isinstance(right, EdgeLabel):
        right.upstream.extend(before)
    if isinstance(left, EdgeLabel):
        left.downstream.extend(after)


def is_node(value: Any) -> bool:
    """Whether the value can stand beside `>>`."""
    return isinstance(value, (TaskBuilder, GroupBuilder, XCom, XComList, EdgeLabel))


def _has_labels(side: Any) -> bool:
    return isinstance(side, (list, tuple)) and any(isinstance(item, EdgeLabel) for item in side)


def shift(
    ip: Interpreter, op: cst.CSTNode, left: Any, right: Any, node: cst.CSTNode, frame: Frame
) -> Any:
    """`left >> right` or `left << right`; the value is that of the Airflow operator."""
    for value in (left, right):
        check_operand(ip, value, node, frame)
    if isinstance(left, (list, tuple)) and isinstance(right, (list, tuple)):
        kinds = f"'{type(left).__name__}' and '{type(right).__name__}'"
        raise DagCodeError("TypeError", f"unsupported operand type(s) for >>: {kinds}", node)
    if isinstance(op, cst.RightShift):
        connect(ip, left, right)
    else:
        connect(ip, right, left)
    return right


def check_operand(ip: Interpreter, value: Any, node: cst.CSTNode, frame: Frame) -> None:
    """Report what is not known to be a task. Raises AirflowException for what is none."""
    for item in value if isinstance(value, (list, tuple)) else (value,):
        if isinstance(item, (TaskBuilder, GroupBuilder, XCom, XComList, EdgeLabel)):
            continue
        if isinstance(item, (list, tuple)):
            check_operand(ip, item, node, frame)
        elif item is None or isinstance(item, (str, int, dict)):
            text = (
                f"Relationships can only be set between Operators; received {type(item).__name__}"
            )
            raise DagCodeError("AirflowException", text, node)
        else:
            shown = item.code if isinstance(item, Symbolic) else ip.code(node, frame)
            ip.report(
                "D2Z110", node, frame, f"an edge to {shown[:80]!r}, which is not known to be a task"
            )


def chain(site: CallSite, *items: Any) -> None:
    """`chain(a, [b, c], [d, e], f)`: neighbouring lists of one length are paired."""
    _check_all(site, items)
    for left, right in zip(items, items[1:], strict=False):
        if isinstance(left, (list, tuple)) and isinstance(right, (list, tuple)):
            if len(left) != len(right):
                text = f"Chain not supported for different length Iterable. Got {len(left)} and {len(right)}."
                raise DagCodeError("AirflowException", text, site.node)
            for before, after in zip(left, right, strict=True):
                connect(site.ip, before, after)
        else:
            connect(site.ip, left, right)


def chain_linear(site: CallSite, *items: Any) -> None:
    """`chain_linear(a, [b, c], [d, e])`: every task before every task of the next."""
    if not items:
        raise DagCodeError("ValueError", "No tasks provided; nothing to do.", site.node)
    if any(isinstance(item, EdgeLabel) for item in items):
        text = "Labels are not supported by chain_linear"
        raise DagCodeError("ValueError", text, site.node)
    _check_all(site, items)
    for left, right in zip(items, items[1:], strict=False):
        connect(site.ip, left, right)


def cross_downstream(site: CallSite, from_tasks: Any = (), to_tasks: Any = ()) -> None:
    """Every one of the first before every one of the second."""
    _check_all(site, (from_tasks, to_tasks))
    connect(site.ip, from_tasks, to_tasks)


def _check_all(site: CallSite, items: Iterable[Any]) -> None:
    for item in items:
        check_operand(site.ip, item, site.node, site.frame)


def data_edges(ip: Interpreter, task: TaskBuilder, values: Iterable[Any]) -> None:
    """Edges from the tasks whose outputs stand in the values."""
    stack, seen = list(values), set()
    while stack:
        value = stack.pop()
        if isinstance(value, XCom):
            if value.task is not task:
                add_edge(ip, value.task, task)
        elif isinstance(value, XComList):
            stack.extend(value.sources)
        elif isinstance(value, MappedParameter) and value.group is not None:
            expansion = value.group.expansion
            stack.extend(a.value for a in (expansion.arguments.values() if expansion else ()))
        elif isinstance(value, (list, tuple, set, dict)) and id(value) not in seen:
            seen.add(id(value))
            stack.extend(value.values() if isinstance(value, dict) else value)
