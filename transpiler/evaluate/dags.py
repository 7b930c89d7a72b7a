"""DAGs and task groups."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import libcst as cst

from transpiler.evaluate import alternatives, versions
from transpiler.evaluate import defaults as assumptions
from transpiler.evaluate.builders import DagBuilder, Decorated, GroupBuilder, TaskBuilder
from transpiler.evaluate.calls import bind_parameters
from transpiler.evaluate.comprehensions import sort_key
from transpiler.evaluate.errors import DagCodeError
from transpiler.evaluate.frames import Frame
from transpiler.evaluate.interpreter import CallSite
from transpiler.evaluate.objects import Instance
from transpiler.evaluate.operators import dict_arguments
from transpiler.evaluate.truth import truth
from transpiler.model.dag import Argument, SourceExpression
from transpiler.model.values import DAG_PARAM, Call

_POSITIONAL = ("dag_id", "description", "schedule")
_DAG_ID = re.compile(r"^[\w.-]+$")


def make_dag(
    site: CallSite,
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
    *,
    into: DagBuilder | None = None,
) -> Any:
    """`DAG(...)`."""
    arguments: dict[str, Argument] = {}
    for name, value, node in zip(_POSITIONAL, args, site.arg_nodes, strict=False):
        arguments[name] = site.ip.argument(name, value, node, site.frame, "dag")
    arguments.update({name: site.argument(name, value, "dag") for name, value in kwargs.items()})
    return new_dag(site, arguments, into=into)


def new_dag(
    site: CallSite,
    arguments: dict[str, Argument],
    doc: str | None = None,
    *,
    into: DagBuilder | None = None,
) -> Any:
    """A DAG from its arguments; symbolic, with a finding, where its id is not known."""
    ip = site.ip
    dag_id = arguments["dag_id"].value if "dag_id" in arguments else None
    if dag_id is None:
        raise DagCodeError("TypeError", "missing required argument: 'dag_id'", site.node)
    if not isinstance(dag_id, str):
        dag_id = assumptions.assumed(site, dag_id, "the DAG id")
    if not isinstance(dag_id, str):
        ip.report("D2Z110", site.node, site.frame, "the DAG id is known only when the file runs")
        return site.symbolic("the DAG id is not known")
    span = ip.span(site.node, site.frame)
    given = arguments.get("default_args")
    node = given.source.node if given is not None and given.source is not None else None
    defaults = dict_arguments(
        ip,
        given.value if given else None,
        node,
        site.frame,
        "dag_default_args",
        given.span if given else span,
    )
    if given is not None and given.value is not None and not isinstance(given.value, dict):
        ip.report("D2Z216", site.node, site.frame, "default_args is known only when the file runs")
    _plain_tags(arguments)
    _one_schedule(site, arguments)
    arguments = assumptions.settle(ip, arguments, assumptions.DAG_SETTINGS)
    defaults = assumptions.settle(ip, defaults, assumptions.DAG_SETTINGS)
    dag = into or DagBuilder(dag_id, arguments, defaults, span, site.frame.scope, doc=doc)
    dag.dag_id, dag.arguments, dag.default_args = dag_id, arguments, defaults
    dag.root = GroupBuilder("", None, dag, True, {}, "", span)
    ip.dags.append(dag)
    ip.events += 1
    return dag


def _one_schedule(site: CallSite, arguments: dict[str, Argument]) -> None:
    """Raises what Airflow 2 raises for two schedules (`airflow/models/dag.py`, `DAG.__init__`);
    Airflow 3 knows but one.
    """
    names = ("schedule_interval", "timetable", "schedule")
    told = [arguments[name].value for name in names if name in arguments]
    if sum(truth(value) is True for value in told) > 1:
        text = "At most one allowed for args 'schedule_interval', 'timetable', and 'schedule'."
        raise DagCodeError("ValueError", text, site.node)


def _plain_tags(arguments: dict[str, Argument]) -> None:
    """Members of enumerations among the tags stand for their values."""
    given = arguments.get("tags")
    if given is None or not isinstance(given.value, (list, tuple, set)):
        return
    tags = [
        (
            item.attributes.get("value", item)
            if isinstance(item, Instance) and item.cls.is_enum
            else item
        )
        for item in (
            sorted(given.value, key=sort_key) if isinstance(given.value, set) else given.value
        )
    ]
    arguments["tags"] = replace(given, value=tags)


def make_group(
    site: CallSite,
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
    *,
    into: GroupBuilder | None = None,
) -> Any:
    """`TaskGroup("id", …)`."""
    values = {
        **dict(zip(("group_id", "prefix_group_id", "parent_group", "dag"), args, strict=False)),
        **kwargs,
    }
    unique = bool(values.get("add_suffix_on_collision", False))
    return new_group(site, values, unique=unique, into=into)


def new_group(
    site: CallSite, values: dict[str, Any], *, unique: bool, into: GroupBuilder | None = None
) -> Any:
    """A task group from its arguments; symbolic, with a finding, where its id or DAG is not known."""
    ip = site.ip
    label = values.get("group_id")
    parent = values.get("parent_group")
    dag = values.get("dag")
    home = (
        parent.dag
        if isinstance(parent, GroupBuilder)
        else dag if isinstance(dag, DagBuilder) else ip.dag
    )
    if not isinstance(label, str):
        label = assumptions.assumed(site, label, "the id of the group")
    if home is None or not isinstance(label, str):
        ip.report("D2Z110", site.node, site.frame, "the group's id or DAG is not known")
        return site.symbolic("the task group is not known")
    if not isinstance(parent, GroupBuilder):
        parent = ip.group if ip.group is not None and ip.group.dag is home else home.root
    span = ip.span(site.node, site.frame)
    given = values.get("default_args")
    node = site.kwarg_nodes.get("default_args")
    defaults = dict_arguments(ip, given, node, site.frame, "group_default_args", span)
    tooltip = values.get("tooltip")
    group = GroupBuilder(
        label, parent, home, values.get("prefix_group_id", True) is not False, defaults,
        tooltip if isinstance(tooltip, str) else "", span,
    )  # fmt: skip
    if into is not None:
        for name in ("label", "parent", "dag", "prefix", "default_args", "tooltip"):
            setattr(into, name, getattr(group, name))
        group = into
    twin = home.groups.get(group.group_id)
    if twin is not None and alternatives.taken_over(ip, twin) is not None:
        return twin
    ip.made.append(group)
    group.label = _free_label(site, group, unique=unique)
    if group.label == label:
        group.label_source = _label_source(site)
    if any(group.group_id == _id_of(child) for child in parent.children):
        text = f"Task Group id '{group.group_id}' has already been added to the DAG"
        raise DagCodeError("DuplicateTaskIdFound", text, site.node)
    ip.events += 1
    home.groups[group.group_id] = group
    parent.children.append(group)
    return group


def _label_source(site: CallSite) -> SourceExpression | None:
    node = site.kwarg_nodes.get("group_id") or (site.arg_nodes[0] if site.arg_nodes else None)
    if node is None:
        return None
    return SourceExpression(node, site.frame.scope, site.frame.module.tree)


def _free_label(site: CallSite, group: GroupBuilder, *, unique: bool) -> str:
    """The label, with a suffix where `TaskGroup._check_for_group_id_collisions` adds one.

    Airflow 2 compares the label with the full ids of other groups, Airflow 3 the full id.
    """
    used = group.dag.groups
    major, _ = versions.target(site.ip)
    if (group.group_id if major > 2 else group.label) not in used:
        return group.label
    if not unique:
        text = f"group_id '{group.label}' has already been added to the DAG"
        raise DagCodeError("DuplicateTaskIdFound", text, site.node)
    base = re.split(r"__\d+$", group.label)[0]
    pattern = re.compile(rf"{re.escape(base)}__(\d+)")
    numbers = [int(match[1]) for name in used if (match := pattern.fullmatch(name))]
    return f"{base}__{max(numbers) + 1}" if numbers else f"{group.label}__1"


def _id_of(child: TaskBuilder | GroupBuilder) -> str:
    return child.group_id if isinstance(child, GroupBuilder) else child.task_id


def call_dag_function(
    site: CallSite, target: Decorated, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> Any:
    """Call a `@dag` function: a DAG of the function's name, whose parameters are DAG params."""
    from transpiler.evaluate.invoke import run_body

    ip, function = site.ip, target.function
    assert isinstance(function.node, cst.FunctionDef)
    bound = bind_parameters(
        function.name,
        function.node.params,
        function.defaults,
        args,
        kwargs,
    )
    options = dict(target.options)
    if "dag_id" not in options:
        options["dag_id"] = site.argument("dag_id", function.name, "dag")
    if bound:
        _add_params(site, options, bound)
    dag = new_dag(site, options, _docstring(function.node))
    if not isinstance(dag, DagBuilder):
        return dag
    dag.registered = True
    dag.span = function.span
    ip.calls += 1
    values = {name: dag_param(site, name, value) for name, value in bound.items()}
    frame = Frame(
        "function", function.frame.module, function.frame, names=values, call_id=ip.calls,
        depth=site.frame.depth + 1,
    )  # fmt: skip
    dag.scope = frame.scope
    ip.dag_stack.append(dag)
    try:
        run_body(ip, function, frame)
    finally:
        ip.dag_stack.pop()
    return dag


def _add_params(site: CallSite, options: dict[str, Argument], bound: dict[str, Any]) -> None:
    given = options.get("params")
    merged = dict(given.value) if given and isinstance(given.value, dict) else {}
    for name, value in bound.items():
        merged[name] = param_value(merged.get(name), value)
    options["params"] = Argument(
        "params", merged, given.span if given else site.ip.span(site.node, site.frame), "dag"
    )


def param_value(declared: Any, value: Any) -> Any:
    """A value that a DAG parameter gets (`ParamsDict.__setitem__` in `airflow/models/param.py`): a
    declared Param keeps its schema.
    """
    if not (isinstance(declared, Call) and declared.func.endswith("Param")) or isinstance(
        value, Call
    ):
        return value
    rest = {name: item for name, item in declared.kwargs.items() if name != "default"}
    return Call(declared.func, (value, *declared.args[1:]), rest, declared.code, declared.span)


def set_param(site: CallSite, options: dict[str, Argument], name: str, value: Any) -> None:
    """Give a DAG a parameter, or a declared one its value."""
    _add_params(site, options, {name: value})


def dag_param(site: CallSite, name: str, value: Any) -> Call:
    """A parameter of the DAG as a value that a run fills in."""
    span = site.ip.span(site.node, site.frame)
    return Call(DAG_PARAM, (name,), {"default": value}, name, span)


def _docstring(node: cst.FunctionDef) -> str | None:
    return node.get_docstring()


def valid_id(value: str) -> bool:
    """Whether Airflow takes the string as an id (`validate_key` in `airflow/utils/helpers.py`)."""
    return len(value) <= 250 and bool(_DAG_ID.match(value))
