"""Calls of Airflow's names and of everything else from outside the project."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import libcst as cst

from transpiler.evaluate import airflow_names as names
from transpiler.evaluate import (
    assets,
    classes,
    dags,
    defaults,
    operators,
    outside_calls,
    signatures,
    subclasses,
    taskflow,
)
from transpiler.evaluate.builders import (
    DagBuilder,
    Decorated,
    Decorator,
    EdgeLabel,
    GroupBuilder,
    PartialOperator,
    TaskBuilder,
    XCom,
)
from transpiler.evaluate.errors import DagCodeError
from transpiler.evaluate.interpreter import CallSite, Interpreter
from transpiler.evaluate.objects import UserClass
from transpiler.model.values import Ref

DAG_CLASSES = names.DAG_CLASSES
_OPERATOR = re.compile(r"(Operator|Sensor|SensorAsync|OperatorAsync)$")
_DOTTED = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*")
_NO_OPERATORS = frozenset({"TaskInstance", "TaskInstanceKey", "DagRun", "XCom"})
_CLASS = re.compile(r"[A-Z]\w*$")
_OWN = (TaskBuilder, DagBuilder, GroupBuilder)


def looks_like_operator(qualified_name: str) -> bool:
    """Whether a name from outside is an operator or sensor class, going by Airflow's naming
    convention.
    """
    return bool(_OPERATOR.search(qualified_name))


def _makes_task(name: str, kwargs: dict[str, Any]) -> bool:
    last = name.rpartition(".")[2]
    with_id = "task_id" in kwargs and _CLASS.search(last) is not None and last not in _NO_OPERATORS
    return with_id or looks_like_operator(name)


def call_ref(
    ip: Interpreter, ref: Ref, args: tuple[Any, ...], kwargs: dict[str, Any], site: CallSite
) -> Any:
    """Call something that was imported from outside the project."""
    name = ref.qualified_name
    signatures.check(site, name, args, kwargs)
    handler = _HANDLERS.get(name)
    if handler is not None:
        return handler(site, args, kwargs)
    if _task_decorator(name):
        return taskflow.decorate(site, _task_decorator(name) or "", args, kwargs)
    head, _, last = name.rpartition(".")
    if last == "__init__" and args and isinstance(args[0], _OWN):
        return _base_init(site, Ref(head), args, kwargs)
    if last == "partial" and _makes_task(head, kwargs):
        return PartialOperator(Ref(head), {k: site.argument(k, v) for k, v in kwargs.items()})
    if _makes_task(name, kwargs):
        if args:
            raise DagCodeError(
                "TypeError", "Use keyword arguments when initializing operators", site.node
            )
        return operators.create(site, name, {k: site.argument(k, v) for k, v in kwargs.items()})
    outside_calls.report(site, name, args, kwargs)
    return defaults.note_call(ip, site.call_mark(name, args, kwargs))


def _base_init(site: CallSite, base: Ref, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
    """`Base.__init__(self, …)` instead of `super().__init__(…)`."""
    from transpiler.evaluate import airflow_objects
    from transpiler.evaluate.invoke import call_value

    receiver, *rest = args
    if receiver.cls is None or getattr(receiver, "ready", False):
        text = "__init__ is called on what is made already"
        site.ip.report("D2Z116", site.node, site.frame, text)
        return
    init = airflow_objects.base_member(receiver, base, "__init__")
    call_value(site.ip, init, tuple(rest), kwargs, site)


def call_unknown_class(
    ip: Interpreter, args: tuple[Any, ...], kwargs: dict[str, Any], site: CallSite
) -> Any:
    """Call something with a `task_id` that is chosen when the file runs: an operator, whichever."""
    called = site.node.func if isinstance(site.node, cst.Call) else site.node
    name = ip.code(called, site.frame)
    if args or not _DOTTED.fullmatch(name):
        ip.report("D2Z116", site.node, site.frame, "a call with a task_id may make a task")
        return site.symbolic("it calls a value that is not known")
    detail = f"the class {name} is known only when the file runs; the call is read as an operator's"
    ip.report("D2Z110", site.node, site.frame, detail)
    return operators.create(site, name, {k: site.argument(k, v) for k, v in kwargs.items()})


def _task_decorator(name: str) -> str | None:
    """The decorator's name below `airflow.decorators.task`, for `@task` and its variants."""
    for root in names.TASK_DECORATORS:
        if name == root or name.startswith(f"{root}."):
            return "airflow.decorators.task" + name[len(root) :]
    return None


def call_decorated(
    ip: Interpreter, target: Any, args: tuple[Any, ...], kwargs: dict[str, Any], site: CallSite
) -> Any:
    """Call a `@task`, `@task_group` or `@dag` function, or a decorator that waits for its function."""
    if isinstance(target, Decorator):
        return taskflow.apply_decorator(site, target, args)
    if isinstance(target, PartialOperator):
        return site.symbolic("a partial operator is called")
    assert isinstance(target, Decorated)
    if target.kind == "dag":
        return dags.call_dag_function(site, target, args, kwargs)
    if target.kind == "task_group":
        return taskflow.call_group(site, target, args, kwargs)
    return taskflow.call_task(site, target, args, kwargs)


def expand(
    site: CallSite,
    target: Any,
    kind: taskflow.ExpandKind,
    values: dict[str, Any],
    partial: dict[str, Any],
) -> Any:
    """`.expand(…)` or `.expand_kwargs(…)` of an operator, a `@task` or a `@task_group`."""
    if isinstance(target, Decorated):
        if target.kind == "task_group":
            return taskflow.expand_group(site, target, kind, values)
        return taskflow.expand_task(site, target, kind, values)
    if isinstance(target, Ref):
        return taskflow.expand_operator(site, (target.qualified_name,) * 2, kind, values, partial)
    if isinstance(target, UserClass) and (base := classes.outside_base(target)) is not None:
        names = subclasses.task_class(target, base)
        task = taskflow.expand_operator(site, names, kind, values, partial)
        if isinstance(task, TaskBuilder):
            task.cls = target
            task.own_arguments = subclasses.mapped_arguments(target, partial, task)
        return task
    return site.symbolic("it expands a value that is not known")


def _label(site: CallSite, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    text = args[0] if args else kwargs.get("label", "")
    return EdgeLabel(text if isinstance(text, str) else "")


def _xcom_arg(site: CallSite, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """`XComArg(task, key=…)`."""
    given = {**dict(zip(("operator", "key"), args, strict=False)), **kwargs}
    task, key = given.get("operator"), given.get("key", "return_value")
    if isinstance(task, TaskBuilder) and isinstance(key, str):
        return XCom(task, key)
    return site.symbolic("the task or the key is not known")


def _handlers() -> dict[str, Callable[[CallSite, tuple[Any, ...], dict[str, Any]], Any]]:
    table: dict[str, Callable[[CallSite, tuple[Any, ...], dict[str, Any]], Any]] = {}
    table.update(dict.fromkeys(names.DAG_CLASSES, dags.make_dag))
    table.update(dict.fromkeys(names.GROUP_CLASSES, dags.make_group))
    table.update(dict.fromkeys(names.LABELS, _label))
    table.update(dict.fromkeys(names.DAG_DECORATORS, taskflow.dag_decorator))
    table.update(dict.fromkeys(names.GROUP_DECORATORS, taskflow.group_decorator))
    table.update(dict.fromkeys(names.SETUP_DECORATORS, taskflow.setup_decorator))
    table.update(dict.fromkeys(names.TEARDOWN_DECORATORS, taskflow.teardown_decorator))
    table.update(dict.fromkeys(names.XCOM_ARGS, _xcom_arg))
    table[names.ASSET_DECORATOR] = assets.asset_decorator
    table[f"{names.ASSET_DECORATOR}.multi"] = assets.multi_decorator
    return table


_HANDLERS = _handlers()
