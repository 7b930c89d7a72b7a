"""Calls of operator classes: they make tasks."""

from __future__ import annotations

import re
from typing import Any

import libcst as cst

from transpiler.evaluate import alternatives, defaults, dict_sources, edges
from transpiler.evaluate.argument_comments import argument_comments
from transpiler.evaluate.builders import DagBuilder, GroupBuilder, TaskBuilder
from transpiler.evaluate.errors import DagCodeError, LimitReached
from transpiler.evaluate.frames import Frame
from transpiler.evaluate.interpreter import CallSite, Interpreter
from transpiler.evaluate.truth import is_unknown
from transpiler.model.dag import Argument, Origin, SourceExpression
from transpiler.model.span import Span

NEVER_TEMPLATED = frozenset("""
    task_id owner params executor_config resources pool pool_slots queue priority_weight weight_rule
    trigger_rule retries retry_delay retry_exponential_backoff max_retry_delay execution_timeout sla
    start_date end_date depends_on_past wait_for_downstream run_as_user max_active_tis_per_dag
    max_active_tis_per_dagrun do_xcom_push doc doc_md doc_json doc_yaml doc_rst
    """.split())
"""Arguments of every operator that are in no operator's `template_fields`: a task's output in one
of them makes no edge (`BaseOperator.set_xcomargs_dependencies`).
"""


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
        given = defaults.assumed(site, given, "the task id")
    if not isinstance(given, str):
        ip.report("D2Z110", site.node, site.frame, "the task id is known only when the file runs")
        return site.symbolic("the task id is not known")
    task = into or TaskBuilder(
        "", operator, operator_class or operator, {}, None, None, ip.span(site.node, site.frame), site.node,
        site.frame.scope, tuple(site.frame.loops),
    )  # fmt: skip
    task.operator, task.operator_class = operator, operator_class or operator
    task.variable = site.frame.variable
    _take_comments(task, site.frame)
    if "subdag" in arguments:
        text = "the task runs a DAG of its own; it is read as one task, without that DAG"
        ip.report("D2Z116", site.node, site.frame, text)
    dag, group = home_of(ip, arguments, site)
    merged = with_defaults(arguments, dag, group)
    task.arguments = defaults.settle(ip, merged, defaults.TASK_SETTINGS)
    task.task_id = given
    if dag is not None:
        twin = _register(ip, task, given, dag, group, unique, site)
        if twin is not None:
            return twin
    else:
        ip.homeless += 1
    ip.setups.add(task)
    given_values = [a.value for name, a in arguments.items() if name not in NEVER_TEMPLATED]
    edges.data_edges(ip, task, given_values)
    return task


def home_of(
    ip: Interpreter, arguments: dict[str, Argument], site: CallSite | None = None
) -> tuple[DagBuilder | None, GroupBuilder | None]:
    """The DAG and group of a task: those it names, else those that are open."""
    dag = arguments["dag"].value if "dag" in arguments else None
    group = arguments["task_group"].value if "task_group" in arguments else None
    if isinstance(group, GroupBuilder):
        return group.dag, group
    for given in (dag, group):
        if is_unknown(given) and site is not None:
            text = "the DAG or group of a task is known only when the file runs"
            ip.report("D2Z110", site.node, site.frame, text)
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
        merged.update(_current_defaults(dag))
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


def handed_out(dag: DagBuilder) -> dict[str, Any]:
    """`dag.default_args` as a dictionary that the file may change: later tasks get the changes."""
    given: dict[str, Any] = dag.attributes.setdefault(
        "#default_args", {name: argument.value for name, argument in dag.default_args.items()}
    )
    return given


def _current_defaults(dag: DagBuilder) -> dict[str, Argument]:
    given = dag.attributes.get("#default_args")
    if given is None:
        return dag.default_args
    current = {}
    for name, value in given.items():
        known = dag.default_args.get(name)
        same = known is not None and known.value is value
        current[name] = known if same else Argument(name, value, dag.span, "dag_default_args")
    return {name: argument for name, argument in current.items() if argument is not None}


def _register(
    ip: Interpreter,
    task: TaskBuilder,
    given: str,
    dag: DagBuilder,
    group: GroupBuilder | None,
    unique: bool,
    site: CallSite | None,
) -> TaskBuilder | None:
    """Give the task its id and place. Returns the task in whose place it stands, where another side
    of an unknown condition made one of that id.
    """
    group = group or dag.root
    full = group.child_id(given)
    if (twin := _twin(ip, full, dag, unique=unique)) is not None:
        found, condition = twin
        alternatives.merge(found, task, condition)
        return found
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
    ip.made.append(task)
    return None


def _twin(
    ip: Interpreter, full: str, dag: DagBuilder, *, unique: bool
) -> tuple[TaskBuilder, Span] | None:
    """The task of that id that another side of an unknown condition made, and the condition."""
    if not ip.alternatives:
        return None
    numbered = re.compile(rf"{re.escape(full)}__\d+")
    for name, task in dag.tasks.items():
        if name == full or (unique and numbered.fullmatch(name)):
            span = alternatives.taken_over(ip, task)
            if span is not None:
                return task, span
    return None


def unique_id(task_id: str, dag: DagBuilder) -> str:
    """The id with TaskFlow's suffix where it is taken (`airflow/decorators/base.py`, get_unique_task_id)."""
    if task_id not in dag.tasks:
        return task_id
    core = re.split(r"__\d+$", task_id)[0]
    pattern = re.compile(rf"{re.escape(core)}__(\d+)")
    alike = [name for name in dag.tasks if name.startswith(f"{core}__")]
    taken = [int(match.group(1)) for name in alike if (match := pattern.fullmatch(name))]
    return f"{core}__{max(taken, default=0) + 1}"


def make_teardown(task: TaskBuilder) -> None:
    """Mark a task as a teardown, which fixes its trigger rule (`airflow/models/baseoperator.py`)."""
    task.is_teardown = True
    set_argument(task, "trigger_rule", "all_done_setup_success")


def set_argument(task: TaskBuilder, name: str, value: Any) -> None:
    """Give a task an argument that a later call decides."""
    task.arguments[name] = Argument(name, value, task.span)


def join_dag(ip: Interpreter, task: TaskBuilder, dag: DagBuilder) -> None:
    """Give a task without a DAG its DAG (`task.dag = dag`, `dag.add_task`, an edge).

    The DAG's default_args come too late for it: Airflow applies them while a task is made
    (`BaseOperatorMeta._apply_defaults`).
    """
    if task.dag is None:
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
    places = dict_sources.entries(ip, node, frame, value)
    result = {}
    for name, item in value.items():
        if not isinstance(name, str):
            continue
        place, home = places.get(name, (None, frame))
        where = ip.span(place, home) if place is not None else span
        source = (
            SourceExpression(place, home.scope, home.module.tree) if place is not None else None
        )
        result[name] = Argument(name, item, where, origin, source)
    return result
