"""Project subclasses of operators: their `__init__` runs until it reaches the outside base."""

from __future__ import annotations

from typing import Any

from transpiler.evaluate import edges
from transpiler.evaluate.builders import TaskBuilder
from transpiler.evaluate.errors import DagCodeError
from transpiler.evaluate.interpreter import CallSite, Interpreter
from transpiler.evaluate.objects import Builtin, UserClass, UserFunction
from transpiler.evaluate.operators import create, home_of, with_defaults
from transpiler.model.dag import Argument, OperatorClass
from transpiler.model.values import Ref

_OWN_WORK = frozenset(
    "execute poke choose_branch pre_execute post_execute prepare_template render_template "
    "render_template_fields execute_callable execute_complete run_command get_env get_hook "
    "get_db_hook build_pod_request_obj process_output _process_output".split()
)
"""Methods that make a subclass another operator than its base."""


def task_class(cls: UserClass, base: Ref) -> tuple[str, str]:
    """Qualified names: the class whose behaviour the task has, and the class in the source."""
    qualified = f"{cls.module.removesuffix('.py').replace('/', '.')}.{cls.name}"
    own = any(isinstance(item, UserClass) and _OWN_WORK & set(item.namespace) for item in cls.mro())
    return (qualified if own else base.qualified_name), qualified


def own_class(task: TaskBuilder) -> OperatorClass | None:
    """The class of a task that is another operator than its base; None for any other task."""
    from transpiler.evaluate import classes

    cls = task.cls
    if cls is None or cls.span is None or task.operator != task.operator_class:
        return None
    base = classes.outside_base(cls)
    assert base is not None
    inits = [_init_of(item) for item in cls.mro()]
    names = {name for init in inits if init is not None for name in _parameters(init)}
    try:
        extensions = cls.lookup("template_ext")
    except KeyError:
        extensions = ()
    if not isinstance(extensions, (list, tuple)):
        extensions = (extensions,)
    texts = tuple(one for one in extensions if isinstance(one, str))
    return OperatorClass(
        cls.name, cls.module, cls.node, cls.span, base.qualified_name, frozenset(names), texts
    )


def mapped_arguments(
    cls: UserClass, partial: dict[str, Argument], task: TaskBuilder
) -> dict[str, Argument]:
    """What a mapped class of the project is called with besides what it is mapped over."""
    names = {name for item in cls.mro() if (init := _init_of(item)) for name in _parameters(init)}
    defaults = with_defaults({}, task.dag, task.group)
    return {**{n: a for n, a in defaults.items() if n in names}, **partial}


def _init_of(item: Any) -> UserFunction | None:
    init = item.namespace.get("__init__") if isinstance(item, UserClass) else None
    return init if isinstance(init, UserFunction) else None


def _parameters(init: UserFunction) -> set[str]:
    params = init.node.params
    return {p.name.value for p in (*params.params, *params.kwonly_params)} - {"self"}


def instantiate_subclass(
    ip: Interpreter,
    cls: UserClass,
    base: Ref,
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
    site: CallSite,
) -> Any:
    """Call the class: a task with the arguments that reach the base's `__init__`."""
    if args:
        text = "Use keyword arguments when initializing operators"
        raise DagCodeError("AirflowException", text, site.node)
    task = TaskBuilder(
        "", base.qualified_name, cls.name, {}, None, None, ip.span(site.node, site.frame), site.node,
        site.frame.scope, tuple(site.frame.loops), cls=cls, ready=False,
    )  # fmt: skip
    task.attributes["#site"] = site
    task.attributes["#base"] = base
    task.own_arguments = {name: site.argument(name, value) for name, value in kwargs.items()}
    owner, init = _find_init(cls)
    if init is None or owner is None:
        return _reach_base(task, args, kwargs)
    _run_init(task, owner, init, args, kwargs)
    if not task.ready:
        text = f"{cls.name}.__init__ never calls super().__init__"
        raise DagCodeError("AttributeError", text, site.node)
    result = task.attributes.pop("#result", task)
    if isinstance(result, TaskBuilder):
        edges.data_edges(ip, result, _templated(result))
    return result


def _run_init(
    task: TaskBuilder,
    owner: UserClass,
    init: UserFunction,
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
) -> None:
    """Evaluate the `__init__`, with default_args for the parameters that it has (Airflow's
    `apply_defaults` does so at each level).
    """
    from transpiler.evaluate.invoke import call_function

    site: CallSite = task.attributes["#site"]
    placing = {k: site.argument(k, v) for k, v in kwargs.items() if k in ("dag", "task_group")}
    dag, group = home_of(site.ip, placing)
    names = _parameters(init)
    defaults = {
        name: argument
        for name, argument in with_defaults({}, dag, group).items()
        if name in names and name not in kwargs
    }
    task.own_arguments.update({n: a for n, a in defaults.items() if n not in task.own_arguments})
    given = {**{name: argument.value for name, argument in defaults.items()}, **kwargs}
    call_function(site.ip, init, (task, *args), given, site.node, site.frame, owner, task)


def project_init(task: TaskBuilder, owner: UserClass, init: UserFunction) -> Builtin:
    """`super().__init__` where it leads to another class of the project."""

    def call(site: CallSite, *args: Any, **kwargs: Any) -> None:
        if args:
            text = "Use keyword arguments when initializing operators"
            raise DagCodeError("AirflowException", text, site.node)
        _run_init(task, owner, init, args, kwargs)

    return Builtin("__init__", call, wants_site=True)


def written_out_init(cls: UserClass) -> Builtin:
    """`Base.__init__(self, …)` instead of `super().__init__(…)`, of a class of the project."""

    def call(site: CallSite, *args: Any, **kwargs: Any) -> None:
        task = args[0] if args else None
        if len(args) != 1 or not isinstance(task, TaskBuilder):
            text = "Use keyword arguments when initializing operators"
            raise DagCodeError("AirflowException", text, site.node)
        if task.ready:
            text = "__init__ is called on an operator that is made already"
            site.ip.report("D2Z116", site.node, site.frame, text)
            return
        owner, init = _find_init(cls)
        if init is None or owner is None:
            _reach_base(task, (), kwargs)
        else:
            _run_init(task, owner, init, (), kwargs)

    return Builtin("__init__", call, wants_site=True)


def _templated(task: TaskBuilder) -> list[Any]:
    """Values of the attributes that `template_fields` names: outputs in them are edges."""
    try:
        names = task.cls.lookup("template_fields") if task.cls is not None else ()
    except KeyError:
        return []
    if not isinstance(names, (list, tuple)):
        return []
    return [task.attributes[name] for name in names if name in task.attributes]


def _find_init(cls: UserClass) -> tuple[UserClass | None, UserFunction | None]:
    for item in cls.mro():
        if (init := _init_of(item)) is not None:
            return item, init
    return None, None


def _reach_base(task: TaskBuilder, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    site: CallSite = task.attributes["#site"]
    assert task.cls is not None
    if args:
        text = "Use keyword arguments when initializing operators"
        raise DagCodeError("AirflowException", text, site.node)
    operator, qualified = task_class(task.cls, task.attributes["#base"])
    arguments = {name: site.argument(name, value) for name, value in kwargs.items()}
    task.ready = True
    result = create(site, operator, arguments, operator_class=qualified, into=task)
    task.attributes["#result"] = result
    return result


def base_init(task: TaskBuilder) -> Builtin:
    """`super().__init__` of a project operator, bound to its task."""
    return Builtin("__init__", lambda *args, **kwargs: (_reach_base(task, args, kwargs), None)[1])
