"""DAGs and task groups."""

from __future__ import annotations

import re
from typing import Any

import libcst as cst

from transpiler.evaluate.calls import bind_parameters
from transpiler.evaluate.errors import DagCodeError
from transpiler.evaluate.frames import Frame
from transpiler.evaluate.interpreter import CallSite
from transpiler.evaluate.objects import DagBuilder, Decorated, GroupBuilder
from transpiler.evaluate.operators import dict_arguments
from transpiler.model.dag import Argument, SourceExpression
from transpiler.model.values import DAG_PARAM, Call

_POSITIONAL = ("dag_id", "description", "schedule")
_DAG_ID = re.compile(r"^[\w.-]+$")


def make_dag(site: CallSite, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """`DAG(...)`."""
    arguments: dict[str, Argument] = {}
    for name, value, node in zip(_POSITIONAL, args, site.arg_nodes, strict=False):
        arguments[name] = site.ip.argument(name, value, node, site.frame, "dag")
    arguments.update({name: site.argument(name, value, "dag") for name, value in kwargs.items()})
    return new_dag(site, arguments)


def new_dag(site: CallSite, arguments: dict[str, Argument], doc: str | None = None) -> Any:
    """A DAG from its arguments; symbolic, with a finding, where its id is not known."""
    ip = site.ip
    dag_id = arguments["dag_id"].value if "dag_id" in arguments else None
    if dag_id is None:
        raise DagCodeError("TypeError", "missing required argument: 'dag_id'", site.node)
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
    dag = DagBuilder(dag_id, arguments, defaults, span, site.frame.scope, doc=doc)
    dag.root = GroupBuilder("", None, dag, True, {}, "", span)
    ip.dags.append(dag)
    ip.events += 1
    return dag


def make_group(site: CallSite, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """`TaskGroup("id", …)`."""
    values = {
        **dict(zip(("group_id", "prefix_group_id", "parent_group", "dag"), args, strict=False)),
        **kwargs,
    }
    return new_group(site, values, unique=bool(values.get("add_suffix_on_collision", False)))


def new_group(site: CallSite, values: dict[str, Any], *, unique: bool) -> Any:
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
    if group.group_id in home.groups or group.group_id in home.tasks:
        if not unique:
            text = f"group_id '{group.group_id}' has already been added to the DAG"
            raise DagCodeError("DuplicateTaskIdFound", text, site.node)
        group.label = _suffixed(group, home)
    else:
        group.label_source = _label_source(site)
    ip.events += 1
    home.groups[group.group_id] = group
    parent.children.append(group)
    return group


def _label_source(site: CallSite) -> SourceExpression | None:
    node = site.kwarg_nodes.get("group_id") or (site.arg_nodes[0] if site.arg_nodes else None)
    if node is None:
        return None
    return SourceExpression(node, site.frame.scope, site.frame.module.tree)


def _suffixed(group: GroupBuilder, dag: DagBuilder) -> str:
    base = re.split(r"__\d+$", group.label)[0]
    prefix = group.group_id.removesuffix(group.label)
    number = 1
    while f"{prefix}{base}__{number}" in dag.groups or f"{prefix}{base}__{number}" in dag.tasks:
        number += 1
    return f"{base}__{number}"


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
        {**dict.fromkeys(_names(function.node)), **function.defaults},
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
    values = {name: _dag_param(site, name, value) for name, value in bound.items()}
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


def _names(node: cst.FunctionDef) -> list[str]:
    return [
        p.name.value
        for p in (*node.params.posonly_params, *node.params.params, *node.params.kwonly_params)
    ]


def _add_params(site: CallSite, options: dict[str, Argument], bound: dict[str, Any]) -> None:
    given = options.get("params")
    merged = {**bound, **(given.value if given and isinstance(given.value, dict) else {})}
    options["params"] = Argument(
        "params", merged, given.span if given else site.ip.span(site.node, site.frame), "dag"
    )


def _dag_param(site: CallSite, name: str, value: Any) -> Call:
    span = site.ip.span(site.node, site.frame)
    return Call(DAG_PARAM, (name,), {"default": value}, name, span)


def _docstring(node: cst.FunctionDef) -> str | None:
    return node.get_docstring()


def valid_id(value: str) -> bool:
    """Whether Airflow takes the string as an id (`validate_key` in `airflow/utils/helpers.py`)."""
    return len(value) <= 250 and bool(_DAG_ID.match(value))
