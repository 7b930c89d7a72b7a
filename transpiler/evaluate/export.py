"""From the evaluator's objects to the frozen DagModel."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

import libcst as cst

from transpiler.evaluate import exported_objects
from transpiler.evaluate.builders import (
    DagBuilder,
    Decorated,
    GroupBuilder,
    MappedParameter,
    TaskBuilder,
    XCom,
    XComList,
)
from transpiler.evaluate.errors import LimitReached
from transpiler.evaluate.frames import Frame
from transpiler.evaluate.limits import Budget
from transpiler.evaluate.objects import (
    BoundMethod,
    Builtin,
    Instance,
    Partial,
    UserClass,
    UserFunction,
    VersionSwitch,
)
from transpiler.evaluate.subclasses import own_class
from transpiler.model.dag import Argument, Dag, Expansion, Group, Task
from transpiler.model.finding import Finding
from transpiler.model.values import (
    Call,
    FunctionRef,
    GroupParameter,
    JoinedOutputs,
    MappedOutput,
    PartialRef,
    Ref,
    Symbolic,
    TaskOutput,
    TaskRef,
)
from transpiler.source.visiting import visit

_MAX_DEPTH = 50
_BOUNDS = Budget()


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
        _expansion(group.expansion),
    )


def _expansion(expansion: Expansion | None) -> Expansion | None:
    return None if expansion is None else Expansion(expansion.kind, _arguments(expansion.arguments))


def _task(task: TaskBuilder) -> Task:
    own = own_class(task)
    own_arguments = {} if own is None else task.own_arguments
    return Task(
        task_id=task.task_id,
        operator=task.operator,
        operator_class=task.operator_class,
        arguments=_arguments({**own_arguments, **task.arguments}),
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
        mapped=_expansion(task.expansion),
        function=export_function(task.function) if task.function else None,
        own_class=own,
        own_arguments=_arguments(own_arguments),
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


@lru_cache(maxsize=1024)
def _argument(argument: Argument) -> Argument:
    """The argument with its value as the model has it; one of default_args is that of many tasks."""
    _BOUNDS.weight(argument.value)
    value = export_value(argument.value)
    return Argument(argument.name, value, argument.span, argument.origin, argument.source)


def export_value(value: Any, depth: int = 0) -> Any:
    """A value with the evaluator's objects replaced by marks."""
    if depth > _MAX_DEPTH:
        raise LimitReached(f"a value is nested over {_MAX_DEPTH} deep")
    if isinstance(value, dict):
        return {k: export_value(v, depth + 1) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        items = [export_value(item, depth + 1) for item in value]
        return items if isinstance(value, list) else tuple(items)
    if isinstance(value, range):
        return list(value)
    exporter = _EXPORTERS.get(type(value))
    return exporter(value, depth) if exporter else value


def export_function(function: UserFunction) -> FunctionRef:
    """The function as a mark; one mark for each function, whose closure may hold the function
    itself.
    """
    function = function.written_as or function
    if function.ref is None:
        closure: dict[str, Any] = {}
        module = function.frame.module.path
        function.ref = FunctionRef(
            function.name,
            module,
            function.node,
            function.span,
            closure,
            _bound_early(function),
            _gives_mapping(function),
            function.task_decorators,
        )
        closure.update(_closure(function))
    return function.ref


def _bound_early(function: UserFunction) -> dict[str, Any]:
    """The defaults that are names (`lambda i=i: …`), with the values that they had."""
    params = function.node.params
    return {
        one.name.value: export_value(function.defaults[one.name.value], _MAX_DEPTH - 10)
        for one in (*params.posonly_params, *params.params, *params.kwonly_params)
        if isinstance(one.default, cst.Name) and one.name.value in function.defaults
    }


_MAPPINGS = frozenset(
    {"dict", "collections.OrderedDict", "collections.UserDict", "collections.defaultdict"}
)


def _gives_mapping(function: UserFunction) -> bool:
    """Whether the return annotation is the name of a class over `TypedDict`, `dict` and the like."""
    node = function.node
    returns = (
        node.returns.annotation if isinstance(node, cst.FunctionDef) and node.returns else None
    )
    name = returns.evaluated_value if isinstance(returns, cst.SimpleString) else None
    name = returns.value if isinstance(returns, cst.Name) else name
    frame: Frame | None = function.frame
    while frame is not None and name not in frame.names:
        frame = frame.parent
    found = frame.names[name] if frame is not None and isinstance(name, str) else None
    if not isinstance(found, UserClass):
        return False
    bases = {getattr(one, "qualified_name", getattr(one, "name", "")) for one in found.mro()[1:]}
    return any(base.endswith(".TypedDict") or base in _MAPPINGS for base in bases)


def _closure(function: UserFunction) -> dict[str, Any]:
    names: dict[str, Any] = {}
    frame: Frame | None = function.frame
    while frame is not None and frame.kind == "function":
        for name, value in frame.names.items():
            if not isinstance(value, (TaskBuilder, DagBuilder, XCom, GroupBuilder)):
                names.setdefault(name, value)
        frame = frame.parent
    wanted = _read_names(function.node) if names else frozenset()
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


@lru_cache(maxsize=512)
def _read_names(node: cst.FunctionDef | cst.Lambda) -> frozenset[str]:
    """Names in the body, without the function's own name and its parameters.

    Each call of a factory makes the functions in it anew, of the same code.
    """
    visitor = _Names()
    visit(node.body, visitor)
    own = {
        param.name.value
        for param in (*node.params.posonly_params, *node.params.params, *node.params.kwonly_params)
    }
    if isinstance(node, cst.FunctionDef):
        own.add(node.name.value)
    return frozenset(visitor.names - own)


def _xcom_list(value: XComList, depth: int) -> Any:
    sources = tuple(export_value(source, depth + 1) for source in value.sources)
    if value.kind == "map":
        return MappedOutput(sources[0], export_value(value.function, depth + 1))
    fill = export_value(value.fillvalue, depth + 1)
    return JoinedOutputs(value.kind, sources, fill, value.filled)


def _mapped_parameter(value: MappedParameter, depth: int) -> Any:
    return GroupParameter(value.group.group_id if value.group is not None else "", value.name)


_EXPORTERS: dict[type, Any] = {
    TaskBuilder: lambda v, d: TaskRef(v.task_id),
    XCom: lambda v, d: TaskOutput(v.task.task_id, v.key),
    XComList: _xcom_list,
    MappedParameter: _mapped_parameter,
    UserFunction: lambda v, d: export_function(v),
    Decorated: lambda v, d: export_function(v.function),
    BoundMethod: exported_objects.bound_method,
    Partial: lambda v, d: PartialRef(
        export_value(v.func, d + 1), export_value(v.args, d + 1), export_value(v.kwargs, d + 1)
    ),
    Call: lambda v, d: Call(
        v.func, export_value(v.args, d + 1), export_value(v.kwargs, d + 1), v.code, v.span
    ),
    Symbolic: lambda v, d: replace(v, parts=export_value(v.parts, d + 1)) if v.parts else v,
    Builtin: lambda v, d: Ref(v.name),
    VersionSwitch: lambda v, d: v.value,
    UserClass: lambda v, d: Ref(f"{v.module.removesuffix('.py').replace('/', '.')}.{v.name}"),
    Instance: exported_objects.instance,
    DagBuilder: lambda v, d: Symbolic(v.dag_id, "it is a DAG", v.span),
    GroupBuilder: lambda v, d: Symbolic(v.group_id, "it is a task group", v.span),
}
