"""From the evaluator's objects to the frozen DagModel."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import libcst as cst

from transpiler.evaluate.errors import LimitReached
from transpiler.evaluate.frames import Frame
from transpiler.evaluate.limits import Budget
from transpiler.evaluate.objects import (
    BoundMethod,
    Builtin,
    DagBuilder,
    Decorated,
    GroupBuilder,
    Instance,
    Partial,
    TaskBuilder,
    UserClass,
    UserFunction,
    XCom,
)
from transpiler.model.dag import Argument, Dag, Expansion, Group, Task
from transpiler.model.finding import Finding
from transpiler.model.values import (
    Call,
    FunctionRef,
    PartialRef,
    Ref,
    Symbolic,
    TaskOutput,
    TaskRef,
)

_MAX_DEPTH = 50


def export_dag(dag: DagBuilder, findings: tuple[Finding, ...]) -> Dag:
    """The DAG as the model keeps it."""
    return Dag(
        dag_id=dag.dag_id,
        arguments=_arguments(dag.arguments),
        default_args=_arguments(dag.default_args),
        tasks=tuple(_task(task) for task in dag.tasks.values()),
        groups=tuple(_group(group) for group in dag.groups.values()),
        span=dag.span,
        scope=dag.scope,
        doc=dag.doc,
        findings=findings,
    )


def _group(group: GroupBuilder) -> Group:
    parent = (
        group.parent.group_id
        if group.parent is not None and group.parent.parent is not None
        else None
    )
    return Group(
        group.group_id,
        parent,
        group.tooltip,
        group.span,
        group.label,
        group.prefix,
        group.label_source,
    )


def _task(task: TaskBuilder) -> Task:
    expansion = task.expansion
    return Task(
        task_id=task.task_id,
        operator=task.operator,
        operator_class=task.operator_class,
        arguments=_arguments(task.arguments),
        upstream=tuple(up.task_id for up in task.upstream),
        span=task.span,
        call=task.call,
        scope=task.scope,
        loops=task.loops,
        group=(
            task.group.group_id
            if task.group is not None and task.group.parent is not None
            else None
        ),
        mapped=Expansion(expansion.kind, _arguments(expansion.arguments)) if expansion else None,
        function=_function(task.function) if task.function else None,
        call_arguments=tuple(_argument(a) for a in task.call_arguments),
        labels={up.task_id: label for up, label in task.upstream.items() if label},
        is_setup=task.is_setup,
        is_teardown=task.is_teardown,
        comments=task.comments,
        trailing_comment=task.trailing_comment,
        variable=task.variable,
    )


def _arguments(arguments: Mapping[str, Argument]) -> dict[str, Argument]:
    return {name: _argument(argument) for name, argument in arguments.items()}


def _argument(argument: Argument) -> Argument:
    Budget().weight(argument.value)
    value = export_value(argument.value)
    return Argument(argument.name, value, argument.span, argument.origin, argument.source)


def export_value(value: Any, depth: int = 0) -> Any:
    """A value with the evaluator's objects replaced by marks."""
    if depth > _MAX_DEPTH:
        raise LimitReached(f"a value is nested over {_MAX_DEPTH} deep")
    if isinstance(value, dict):
        return {k: export_value(v, depth + 1) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(export_value(item, depth + 1) for item in value)
    if isinstance(value, range):
        return list(value)
    exporter = _EXPORTERS.get(type(value))
    return exporter(value, depth) if exporter else value


def _function(function: UserFunction) -> FunctionRef:
    """The function as a mark; one mark for each function, whose closure may hold the function
    itself.
    """
    if function.ref is None:
        closure: dict[str, Any] = {}
        module = function.frame.module.path
        function.ref = FunctionRef(function.name, module, function.node, function.span, closure)
        closure.update(_closure(function))
    return function.ref


def _closure(function: UserFunction) -> dict[str, Any]:
    names: dict[str, Any] = {}
    frame: Frame | None = function.frame
    while frame is not None and frame.kind == "function":
        for name, value in frame.names.items():
            if not isinstance(value, (TaskBuilder, DagBuilder, XCom, GroupBuilder)):
                names.setdefault(name, value)
        frame = frame.parent
    wanted = _read_names(function.node) if names else set()
    return {
        name: export_value(value, _MAX_DEPTH - 10)
        for name, value in names.items()
        if name in wanted
    }


class _Names(cst.CSTVisitor):
    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()

    def visit_Name(self, node: cst.Name) -> None:
        self.names.add(node.value)


def _read_names(node: cst.FunctionDef | cst.Lambda) -> set[str]:
    """Names in the body, without the function's own name and its parameters."""
    visitor = _Names()
    node.body.visit(visitor)
    own = {
        param.name.value
        for param in (*node.params.posonly_params, *node.params.params, *node.params.kwonly_params)
    }
    if isinstance(node, cst.FunctionDef):
        own.add(node.name.value)
    return visitor.names - own


def _instance(value: Instance, depth: int) -> Any:
    if value.cls.is_enum and isinstance(value.attributes.get("value"), (str, int)):
        bases = {getattr(base, "qualified_name", "") for base in value.cls.mro()}
        if bases & {"str", "int", "enum.StrEnum", "enum.IntEnum"}:
            return value.attributes["value"]
    return Symbolic(
        f"{value.cls.name}(…)", "it is an object of a class of the project", value.cls.span
    )


_EXPORTERS: dict[type, Any] = {
    TaskBuilder: lambda v, d: TaskRef(v.task_id),
    XCom: lambda v, d: TaskOutput(v.task.task_id, v.key),
    UserFunction: lambda v, d: _function(v),
    Decorated: lambda v, d: _function(v.function),
    BoundMethod: lambda v, d: export_value(v.function, d + 1),
    Partial: lambda v, d: PartialRef(
        export_value(v.func, d + 1), export_value(v.args, d + 1), export_value(v.kwargs, d + 1)
    ),
    Call: lambda v, d: Call(
        v.func, export_value(v.args, d + 1), export_value(v.kwargs, d + 1), v.code, v.span
    ),
    Builtin: lambda v, d: Ref(v.name),
    UserClass: lambda v, d: Ref(f"{v.module.removesuffix('.py').replace('/', '.')}.{v.name}"),
    Instance: _instance,
    DagBuilder: lambda v, d: Symbolic(v.dag_id, "it is a DAG", v.span),
    GroupBuilder: lambda v, d: Symbolic(v.group_id, "it is a task group", v.span),
}
