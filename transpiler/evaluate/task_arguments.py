"""What a `@task` function is called with, held against what its signature and Airflow allow.

Source: `DecoratedOperator.__init__` in `airflow/decorators/base.py` (2.10) and in
`airflow/sdk/bases/decorator.py` (3.3), `determine_kwargs` in `airflow/utils/operator_helpers.py`.
"""

from __future__ import annotations

from typing import Any

import libcst as cst

from transpiler.evaluate import versions
from transpiler.evaluate.builders import Decorated
from transpiler.evaluate.calls import bind_parameters
from transpiler.evaluate.errors import DagCodeError
from transpiler.evaluate.interpreter import CallSite
from transpiler.evaluate.truth import is_plain
from transpiler.model.dag import Argument

_TASK = "airflow.decorators.task"
_PLAIN = frozenset(
    {_TASK, *(f"{_TASK}.{kind}" for kind in ("branch", "short_circuit", "sensor", "bash"))}
)
"""Decorators whose callable runs where the context is."""
_CORE = _PLAIN | {
    f"{_TASK}.{kind}"
    for kind in (
        "python virtualenv external_python branch_virtualenv branch_external_python stub".split()
    )
}
_OF_BOTH = frozenset("""
    conn dag dag_run data_interval_end data_interval_start ds ds_nodash exception expanded_ti_count
    inlet_events inlets logical_date macros map_index_template outlet_events outlets params
    prev_data_interval_end_success prev_data_interval_start_success prev_end_date_success
    prev_start_date_success run_id task task_instance task_instance_key_str templates_dict test_mode ti
    try_number ts ts_nodash ts_nodash_with_tz var
    """.split())
_OF_ONE = {
    2: frozenset("""
    conf execution_date next_ds next_ds_nodash next_execution_date prev_ds prev_ds_nodash
    prev_execution_date prev_execution_date_success tomorrow_ds tomorrow_ds_nodash
    triggering_dataset_events yesterday_ds yesterday_ds_nodash
    """.split()),
    3: frozenset({"task_reschedule_count", "triggering_asset_events", "start_date"}),
}
CONTEXT_KEYS = _OF_BOTH | _OF_ONE[2] | _OF_ONE[3]
"""Names that Airflow fills from its context where a callable has a parameter so called."""
_SELDOM = frozenset({"exception", "expanded_ti_count", "map_index_template", "try_number"})
"""Names that are not in every run's context."""


def bind(
    site: CallSite, target: Decorated, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> list[Argument]:
    """Arguments of the call by parameter name, only those that were given. Raises TypeError as
    Python does, ValueError as Airflow does.
    """
    function = target.function.shown
    assert isinstance(function.node, cst.FunctionDef)
    params = function.node.params
    given = {**{n: a.value for n, a in target.partial.items()}, **kwargs}
    names = [p.name.value for p in (*params.posonly_params, *params.params)]
    filled = [*names, *(p.name.value for p in params.kwonly_params)]
    _check(site, filled, function.defaults)
    _check_order(site, names, function.defaults)
    if target.kind in _PLAIN:
        _check_reserved(site, names[: len(args)])
    # A provider's decorator may fill parameters of its own, as a session.
    context = {n: None for n in filled if n in CONTEXT_KEYS or target.kind not in _CORE}
    bind_parameters(function.name, params, {**context, **function.defaults}, args, given)
    arguments: list[Argument] = []
    for index, value in enumerate(args):
        name = names[index] if index < len(names) else f"*{index}"
        node = site.arg_nodes[index] if index < len(site.arg_nodes) else None
        arguments.append(
            site.ip.argument(name, value, node, site.frame)
            if node is not None
            else site.argument(name, value)
        )
    arguments.extend(target.partial.values())
    arguments.extend(site.argument(name, value) for name, value in kwargs.items())
    return arguments


def _check(site: CallSite, names: list[str], defaults: dict[str, Any]) -> None:
    """Refuse a default that Airflow refuses, where each Airflow that the file may be for does."""
    for name in names:
        default = defaults.get(name)
        if (
            default is not None
            and is_plain(default)
            and name in CONTEXT_KEYS
            and _is_key(site, name)
        ):
            text = f"Context key parameter {name} can't have a default other than None"
            raise DagCodeError("ValueError", text, site.node)


def _is_key(site: CallSite, name: str) -> bool:
    if name in _OF_BOTH:
        return True
    release = versions.release(site.ip)
    return release.source is not None and name in _OF_ONE[2 if release.major < 3 else 3]


def _check_order(site: CallSite, names: list[str], defaults: dict[str, Any]) -> None:
    """Airflow 2 gives each context key the default None, after which Python allows no parameter
    without one.
    """
    filled = False
    for name in names:
        if filled and name not in defaults and name not in CONTEXT_KEYS:
            if versions.target(site.ip)[0] < 3:
                text = f"ValueError: the parameter {name} follows one that Airflow's context fills"
                site.ip.report("D2Z109", site.node, site.frame, text)
            return
        filled = filled or name in _OF_BOTH


def _check_reserved(site: CallSite, names: list[str]) -> None:
    for name in names:
        if name in _OF_BOTH - _SELDOM:
            text = f"ValueError when the task runs: {name!r}, given by position, is a context key"
            site.ip.report("D2Z109", site.node, site.frame, text)
