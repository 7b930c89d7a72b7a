"""`@task`, `@task_group`, `@dag`, `@setup`, `@teardown`, and run-time mapping."""

from __future__ import annotations

from typing import Any, Literal, TypeAlias

import libcst as cst

from transpiler.evaluate import dags, operators, task_arguments
from transpiler.evaluate.builders import (
    Decorated,
    Decorator,
    GroupBuilder,
    MappedParameter,
    TaskBuilder,
    XCom,
)
from transpiler.evaluate.calls import bind_parameters
from transpiler.evaluate.errors import DagCodeError
from transpiler.evaluate.frames import Frame
from transpiler.evaluate.interpreter import CallSite
from transpiler.evaluate.objects import UserFunction
from transpiler.model.dag import Argument, Expansion

_TASK = "airflow.decorators.task"
# They give a task that is decorated already a `pre_execute` (airflow/decorators/condition.py).
_CONDITIONS = frozenset({f"{_TASK}.skip_if", f"{_TASK}.run_if"})
ExpandKind: TypeAlias = Literal["expand", "expand_kwargs"]


def decorate(site: CallSite, kind: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """`@task`, `@task(...)`, `@task.branch(...)` and so on."""
    if kind in _CONDITIONS:
        hook = site.call_mark(kind, args, kwargs)
        return Decorator(kind, {"pre_execute": site.argument("pre_execute", hook)})
    options = {name: site.argument(name, value) for name, value in kwargs.items()}
    return _decorator(site, Decorator(kind, options), args)


def _decorator(site: CallSite, decorator: Decorator, args: tuple[Any, ...]) -> Any:
    if args and isinstance(args[0], (UserFunction, Decorated)):
        return apply_decorator(site, decorator, args)
    return decorator


def apply_decorator(site: CallSite, decorator: Decorator, args: tuple[Any, ...]) -> Any:
    """Put the decorator on its function."""
    target = args[0] if args else None
    if isinstance(target, Decorated):
        target.is_setup |= decorator.is_setup
        target.is_teardown |= decorator.is_teardown
        target.options.update(decorator.options)
        return target
    if decorator.kind in _CONDITIONS:
        text = f"{decorator.kind.rpartition('.')[2]} can only be used with task"
        raise DagCodeError("TypeError", text, site.node)
    if not isinstance(target, UserFunction) or isinstance(target.node, cst.Lambda):
        kind = "a lambda" if isinstance(target, UserFunction) else "what is no function here"
        site.ip.report(
            "D2Z116", site.node, site.frame, f"{kind} under a decorator is not evaluated"
        )
        return site.symbolic("what the decorator gets is not a function of the project")
    return Decorated(
        decorator.kind,
        target,
        dict(decorator.options),
        {},
        decorator.is_setup,
        decorator.is_teardown,
    )


def dag_decorator(site: CallSite, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """`@dag`."""
    options = {name: site.argument(name, value, "dag") for name, value in kwargs.items()}
    if args and isinstance(args[0], str):
        options["dag_id"] = site.argument("dag_id", args[0], "dag")
        args = args[1:]
    return _decorator(site, Decorator("dag", options), args)


def group_decorator(site: CallSite, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """`@task_group`."""
    options = {name: site.argument(name, value) for name, value in kwargs.items()}
    if args and isinstance(args[0], str):
        options["group_id"] = site.argument("group_id", args[0])
        args = args[1:]
    return _decorator(site, Decorator("task_group", options), args)


def setup_decorator(site: CallSite, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """`@setup`."""
    return _decorator(site, Decorator(_TASK, {}, is_setup=True), args)


def teardown_decorator(site: CallSite, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """`@teardown`."""
    options = {name: site.argument(name, value) for name, value in kwargs.items()}
    return _decorator(site, Decorator(_TASK, options, is_teardown=True), args)


def call_task(
    site: CallSite, target: Decorated, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> Any:
    """Call a `@task` function: a task whose id is the function's name."""
    arguments = task_arguments.bind(site, target, args, kwargs)
    task = _create(site, target, arguments)
    if not isinstance(task, TaskBuilder):
        return task
    task.call_arguments = tuple(arguments)
    return XCom(task)


def _create(site: CallSite, target: Decorated, arguments: list[Argument], **extra: Any) -> Any:
    from transpiler.evaluate import edges

    task = operators.create(
        site, target.kind, dict(target.options), task_id=target.function.name, unique=True
    )
    if isinstance(task, TaskBuilder):
        task.function = target.function
        task.is_setup = target.is_setup
        if target.is_teardown:
            operators.make_teardown(task)
        edges.data_edges(site.ip, task, [a.value for a in arguments])
    return task


def call_group(
    site: CallSite,
    target: Decorated,
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
    expansion: Expansion | None = None,
) -> Any:
    """Call a `@task_group` function: its body runs inside the group, which may be a mapped one."""
    from transpiler.evaluate.invoke import run_body

    ip, function = site.ip, target.function
    assert isinstance(function.node, cst.FunctionDef)
    values = {name: argument.value for name, argument in target.options.items()}
    values.setdefault("group_id", function.name)
    values.setdefault("tooltip", function.node.get_docstring() or "")
    group = dags.new_group(site, values, unique=True)
    if not isinstance(group, GroupBuilder):
        return group
    group.expansion = expansion
    for value in kwargs.values() if expansion is not None else ():
        value.group = group
    partial = {n: a.value for n, a in target.partial.items()}
    bound = bind_parameters(
        function.name, function.node.params, function.defaults, args, {**partial, **kwargs}
    )
    ip.calls += 1
    frame = Frame(
        "function",
        function.frame.module,
        function.frame,
        names=bound,
        call_id=ip.calls,
        depth=site.frame.depth + 1,
    )
    ip.group_stack.append(group)
    try:
        result = run_body(ip, function, frame)
    finally:
        ip.group_stack.pop()
    return group if result is None else result


def expand_group(
    site: CallSite, target: Decorated, kind: ExpandKind, values: dict[str, Any]
) -> Any:
    """`group.expand(…)`: the body runs once, with a parameter in place of each mapped argument."""
    from transpiler.evaluate import edges

    arguments = {name: site.argument(name, value) for name, value in values.items()}
    names = list(values) if kind == "expand" else _own_parameters(target)
    parameters = {name: MappedParameter(name) for name in names}
    before = set(site.ip.dag.tasks) if site.ip.dag is not None else set()
    result = call_group(site, target, (), parameters, Expansion(kind, arguments))
    group = next((p.group for p in parameters.values() if p.group is not None), None)
    members = group.members() if group is not None else []
    mapped_again = [task for task in members if task.expansion is not None]
    if mapped_again:
        text = "operator expansion in an expanded task group is not yet supported"
        raise DagCodeError("NotImplementedError", text, mapped_again[0].call)
    for task in members:
        if task.task_id not in before and not any(up in members for up in task.upstream):
            edges.data_edges(site.ip, task, list(values.values()))
    return result


def _own_parameters(target: Decorated) -> list[str]:
    """The parameters of a group's function that `partial` did not give."""
    params = target.function.node.params
    names = [p.name.value for p in (*params.posonly_params, *params.params, *params.kwonly_params)]
    return [name for name in names if name not in target.partial]


def expand_task(site: CallSite, target: Decorated, kind: ExpandKind, values: dict[str, Any]) -> Any:
    """`task.expand(…)`."""
    _check_keys(site, values)
    arguments = {name: site.argument(name, value) for name, value in values.items()}
    fixed = list(target.partial.values())
    task = _create(site, target, [*arguments.values(), *fixed])
    if not isinstance(task, TaskBuilder):
        return task
    task.call_arguments = tuple(fixed)
    task.expansion = Expansion(kind, arguments)
    return XCom(task)


def _check_keys(site: CallSite, values: dict[str, Any]) -> None:
    """Refuse what `ensure_xcomarg_return_value` refuses (airflow/models/mappedoperator.py)."""
    for value in values.values():
        if isinstance(value, XCom) and value.key != "return_value":
            text = f"cannot map over XCom with custom key {value.key!r} from {value.task.task_id}"
            raise DagCodeError("ValueError", text, site.node)


def expand_operator(
    site: CallSite,
    operator: tuple[str, str],
    kind: ExpandKind,
    values: dict[str, Any],
    partial: dict[str, Argument],
) -> Any:
    """`Operator.partial(…).expand(…)`; `operator` as `subclasses.task_class` names it."""
    from transpiler.evaluate import edges

    _check_keys(site, values)
    arguments = {name: site.argument(name, value) for name, value in values.items()}
    task = operators.create(site, operator[0], dict(partial), operator_class=operator[1])
    if isinstance(task, TaskBuilder):
        edges.data_edges(site.ip, task, [a.value for a in arguments.values()])
        task.expansion = Expansion(kind, arguments)
    elif "task_id" not in partial:
        raise DagCodeError("TypeError", "partial() missing task_id", site.node)
    return task
