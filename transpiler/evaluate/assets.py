"""Assets and datasets: `a & b`, `a | b`, and the DAGs that `@asset` makes.

Source of the behaviour: `airflow/sdk/definitions/asset/__init__.py` and `.../asset/decorators.py`.
"""

from __future__ import annotations

from typing import Any

import libcst as cst

from transpiler.evaluate import dags, operators
from transpiler.evaluate.builders import DagBuilder, Decorated
from transpiler.evaluate.errors import DagCodeError
from transpiler.evaluate.interpreter import CallSite
from transpiler.evaluate.objects import Builtin, UserFunction
from transpiler.model.dag import Argument
from transpiler.model.values import Call

_KINDS = ("Asset", "Dataset", "AssetAlias", "DatasetAlias", "AssetAll", "DatasetAll", "AssetAny",
          "DatasetAny", "Model", "ref")  # fmt: skip
_MAIN_OPERATOR = "airflow.sdk.definitions.asset.decorators._AssetMainOperator"
_NOT_ASSETS = frozenset({"self", "context", "outlet_events"})
_CONDITIONS: dict[type[cst.CSTNode], str] = {cst.BitAnd: "All", cst.BitOr: "Any"}
_OWN_OPTIONS = frozenset({"name", "uri", "group", "extra", "watchers", "outlets"})


def is_asset(value: Any) -> bool:
    """Whether a value stands for an asset, or a condition over assets."""
    if not isinstance(value, Call) or not value.func.startswith("airflow."):
        return False
    head, _, last = value.func.rpartition(".")
    return last in _KINDS and (last != "ref" or head.endswith(".Asset"))


def combined(op: cst.CSTNode, left: Call, right: Call, site: CallSite) -> Call | None:
    """`left & right` or `left | right`; None for another operator."""
    suffix = _CONDITIONS.get(type(op))
    if suffix is None:
        return None
    old = "Dataset" in left.func or "Dataset" in right.func
    name = f"airflow.datasets.Dataset{suffix}" if old else f"airflow.sdk.Asset{suffix}"
    return site.call_mark(name, (left, right), {})


def asset_decorator(site: CallSite, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """`@asset(schedule=…)`: a DAG with one task, and the asset that it makes."""
    return _decorator(site, kwargs, multi=False)


def multi_decorator(site: CallSite, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """`@asset.multi(schedule=…, outlets=[…])`: a DAG with one task, and all its assets."""
    return _decorator(site, kwargs, multi=True)


def _decorator(site: CallSite, kwargs: dict[str, Any], *, multi: bool) -> Builtin:
    if "schedule" not in kwargs:
        text = "missing required keyword-only argument: 'schedule'"
        raise DagCodeError("TypeError", text, site.node)
    options = {name: site.argument(name, value, "dag") for name, value in kwargs.items()}

    def decorate(inner: CallSite, function: Any) -> Any:
        return _make(inner, function, options, multi=multi)

    return Builtin("asset", decorate, wants_site=True)


def _make(site: CallSite, target: Any, options: dict[str, Argument], *, multi: bool) -> Any:
    function = target.function if isinstance(target, Decorated) else target
    if not isinstance(function, UserFunction):
        return site.symbolic("what the decorator gets is not a function of the project")
    given = options.get("name")
    name = function.name if multi or given is None else given.value
    made = _outlets(site, name, options, multi=multi)
    arguments = {n: a for n, a in options.items() if n not in _OWN_OPTIONS}
    arguments.setdefault("dag_id", site.argument("dag_id", name, "dag"))
    arguments["catchup"] = site.argument("catchup", False, "dag")
    dag = dags.new_dag(site, arguments)
    if isinstance(dag, DagBuilder):
        dag.registered = True
        dag.span = function.span
        _add_task(site, dag, target, function, made.args if multi else (made,))
    return made


def _outlets(site: CallSite, name: Any, options: dict[str, Argument], *, multi: bool) -> Call:
    if multi:
        outlets = options["outlets"].value if "outlets" in options else ()
        items = tuple(outlets) if isinstance(outlets, (list, tuple)) else (outlets,)
        return site.call_mark("airflow.sdk.AssetAll", items, {})
    uri = options["uri"].value if "uri" in options else None
    return site.call_mark("airflow.sdk.Asset", (), {"name": name, "uri": uri or name})


def _add_task(
    site: CallSite, dag: DagBuilder, target: Any, function: UserFunction, outlets: tuple[Any, ...]
) -> None:
    from transpiler.evaluate import taskflow

    ip = site.ip
    ip.dag_stack.append(dag)
    try:
        if isinstance(target, Decorated):
            target.options["outlets"] = site.argument("outlets", list(outlets))
            taskflow.call_task(site, target, (), {})
            return
        names = [p.name.value for p in function.node.params.params]
        inlets = [n for n in names if n not in _NOT_ASSETS and n not in function.defaults]
        values = {
            "task_id": function.name,
            "python_callable": function,
            "inlets": [site.call_mark("airflow.sdk.Asset.ref", (), {"name": n}) for n in inlets],
            "outlets": list(outlets),
        }
        task = {n: site.argument(n, v) for n, v in values.items()}
        operators.create(site, _MAIN_OPERATOR, task, operator_class=_MAIN_OPERATOR)
    finally:
        ip.dag_stack.pop()
