"""Calls of operator classes: they make tasks."""

from __future__ import annotations

import re
from typing import Any

import libcst as cst

from transpiler.evaluate import edges
from transpiler.evaluate.argument_comments import argument_comments
from transpiler.evaluate.errors import DagCodeError, LimitReached
from transpiler.evaluate.frames import Frame
from transpiler.evaluate.interpreter import CallSite, Interpreter
from transpiler.evaluate.objects import DagBuilder, GroupBuilder, TaskBuilder
from transpiler.model.dag import Argument, Origin, SourceExpression
from transpiler.model.span import Span


def create(
    site: CallSite,
    operator: str,
    arguments: dict[str, Argument],
    *,
    operator_class: str | None = None,
    task_id: str | None = None,
    unique: bool = False,
    into: TaskBuilder | None = None,
) -> Any:
    """Make a task and put it into its DAG and group.

    `unique` adds TaskFlow's `__1` suffixes. Returns the TaskBuilder, or a symbolic value (with a finding) where the
    task id is not known.
    """
    ip = site.ip
    given = arguments["task_id"].value if "task_id" in arguments else task_id
    if not isinstance(given, str):
        if given is None:
            raise DagCodeError("TypeError", "missing keyword argument 'task_id'", site.node)
        ip.report("D2Z110", site.node, site.frame, "the task id is known only when the file runs")
        return site.symbolic("the task id is not known")
    task = into or TaskBuilder(
        "", operator, operator_class or operator, {}, None, None, ip.span(site.node, site.frame), site.node,
        site.frame.scope, tuple(site.frame.loops),
    )  # fmt: skip
    task.operator, task.operator_class = operator, operator_class or operator
    task.variable = site.frame.variable
    _take_comments(task, site.frame)
    dag, group = home_of(ip, arguments)
    task.arguments = with_defaults(arguments, dag, group)
    task.task_id = given
    if dag is not None:
        _register(ip, task, given, dag, group, unique, site)
    edges.data_edges(ip, task, [a.value for a in arguments.values()])
    return task


def home_of(
    ip: Interpreter, arguments: dict[str, Argument]
) -> tuple[DagBuilder | None, GroupBuilder | None]:
    dag = arguments["dag"].value if "dag" in arguments else None
    group = arguments["task_group"].value if "task_group" in arguments else None
    if isinstance(group, GroupBuilder):
        return group.dag, group
    if isinstance(dag, DagBuilder):
        open_group = ip.group
        return dag, open_group if open_group is not None and open_group.dag is dag else dag.root
    return ip.dag, ip.group


def with_defaults(
    arguments: dict[str, Argument], dag: DagBuilder | None, group: GroupBuilder | None
) -> dict[str, Argument]:
    """Explicit arguments over the task's, the groups' and the DAG's default_args."""
    merged: dict[str, Argument] = {}
    if dag is not None:
        merged.update(dag.default_args)
    chain: list[GroupBuilder] = []
    while group is not None:
        chain.append(group)
        group = group.parent
    for item in reversed(chain):
        merged.update(item.default_args)
    own = arguments.get("default_args")
    if own is not None and isinstance(own.value, dict):
        for name, value in own.value.items():
            merged[name] = Argument(name, value, own.span, "task", None)
    ordered = {
        name: value
        for name, value in arguments.items()
        if name not in ("dag", "task_group", "default_args")
    }
    for name, value in merged.items():
        if name not in ordered and name not in ("dag", "task_group"):
            ordered[name] = value
    return ordered


def _register(
    ip: Interpreter,
    task: TaskBuilder,
    given: str,
    dag: DagBuilder,
    group: GroupBuilder | None,
    unique: bool,
    site: CallSite | None,
) -> None:
    group = group or dag.root
    full = group.child_id(given)
    if unique:
        full = unique_id(full, dag)
    if full in dag.tasks or full in dag.groups:
        node = site.node if site else task.call
        raise DagCodeError(
            "DuplicateTaskIdFound", f"Task id '{full}' has already been added to the DAG", node
        )
    if len(dag.tasks) >= ip.budget.limits.tasks:
        raise LimitReached(f"the DAG has over {ip.budget.limits.tasks:,} tasks", task.call)
    ip.events += 1
    task.task_id, task.dag, task.group = full, dag, group
    dag.tasks[full] = task
    group.children.append(task)


def unique_id(task_id: str, dag: DagBuilder) -> str:
    """The id with TaskFlow's suffix where it is taken (`airflow/decorators/base.py`, get_unique_task_id)."""
    if task_id not in dag.tasks and task_id not in dag.groups:
        return task_id
    core = re.split(r"__\d+$", task_id)[0]
    pattern = re.compile(rf"{re.escape(core)}__(\d+)")
    alike = [name for name in (*dag.tasks, *dag.groups) if name.startswith(f"{core}__")]
    taken = [int(match.group(1)) for name in alike if (match := pattern.fullmatch(name))]
    return f"{core}__{max(taken, default=0) + 1}"


def make_teardown(task: TaskBuilder) -> None:
    """Mark a task as a teardown, which fixes its trigger rule (`airflow/models/baseoperator.py`)."""
    task.is_teardown = True
    rule = "all_done_setup_success"
    task.arguments["trigger_rule"] = Argument("trigger_rule", rule, task.span)


def join_dag(ip: Interpreter, task: TaskBuilder, dag: DagBuilder) -> None:
    """Give a task without a DAG its DAG (`task.dag = dag`, `dag.add_task`, an edge)."""
    if task.dag is None:
        task.arguments = with_defaults(task.arguments, dag, None)
        _register(ip, task, task.task_id, dag, None, False, None)


def _take_comments(task: TaskBuilder, frame: Frame) -> None:
    """Comments above the task's statement, those that waited for it, and those between its arguments."""
    pending = tuple(frame.pending_comments)
    frame.pending_comments.clear()
    inside = argument_comments(task.call) if id(task.call) not in frame.claimed else ()
    frame.claimed.add(id(task.call))
    statement = frame.statement
    taken = isinstance(statement, cst.SimpleStatementLine) and id(statement) not in frame.claimed
    if not taken or not isinstance(statement, cst.SimpleStatementLine):
        task.comments = pending + inside
        return
    frame.claimed.add(id(statement))
    above = tuple(line.comment.value for line in statement.leading_lines if line.comment)
    task.comments = pending + above + inside
    trailing = statement.trailing_whitespace.comment
    task.trailing_comment = trailing.value if trailing else None


def dict_arguments(
    ip: Interpreter,
    value: Any,
    node: cst.BaseExpression | None,
    frame: Frame,
    origin: Origin,
    span: Span,
) -> dict[str, Argument]:
    """Each entry of a default_args dictionary with its own place, where the dictionary is a literal."""
    if not isinstance(value, dict):
        return {}
    literal, home = _dict_literal(node, frame)
    places = {}
    if literal is not None:
        for element in literal.elements:
            if isinstance(element, cst.DictElement) and isinstance(element.key, cst.SimpleString):
                places[element.key.evaluated_value] = element.value
    result = {}
    for name, item in value.items():
        if not isinstance(name, str):
            continue
        place = places.get(name)
        where = ip.span(place, home) if place is not None else span
        source = (
            SourceExpression(place, home.scope, home.module.tree) if place is not None else None
        )
        result[name] = Argument(name, item, where, origin, source)
    return result


def _dict_literal(node: cst.BaseExpression | None, frame: Frame) -> tuple[cst.Dict | None, Frame]:
    home: Frame | None = frame
    if isinstance(node, cst.Name):
        while home is not None and node.value not in home.assignments:
            home = home.parent
        if home is not None:
            statement = home.assignments[node.value].statement.body[0]
            node = statement.value if isinstance(statement, (cst.Assign, cst.AnnAssign)) else None
    return (node, home or frame) if isinstance(node, cst.Dict) else (None, frame)
