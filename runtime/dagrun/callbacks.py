"""The callbacks of the DAG: once per run, with Airflow's context.

Source: `airflow.models.dag.DAG.handle_callback`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any

from runtime.callables import AirflowContext
from runtime.context import RunContext, on_behalf_of
from runtime.dagrun.finish import RunState
from runtime.dagrun.table import Table
from runtime.failed_callbacks import note_failed_callback
from runtime.templates import template_context

Callback = Callable[[AirflowContext], Any] | str
"""A function, or the dotted name of one."""


def call_back(
    callbacks: Callback | Sequence[Callback] | None,
    run: RunContext,
    table: Table,
    state: RunState,
) -> None:
    """Call the callbacks, one after the other; one that raises is noted and stops nothing."""
    if callbacks is None:
        return
    context = dag_context(run, table, state)
    for callback in _listed(callbacks):
        try:
            with on_behalf_of(run.dag_id):
                _function(callback)(context)
        except Exception as error:  # It is the user's code, and may raise anything.
            note_failed_callback(callback, run.dag_id, error)


def _listed(callbacks: Callback | Sequence[Callback]) -> Sequence[Callback]:
    one = isinstance(callbacks, str) or not isinstance(callbacks, Sequence)
    return [callbacks] if one else callbacks  # type: ignore[list-item,return-value]


def _function(callback: Callback) -> Callable[[AirflowContext], Any]:
    if not isinstance(callback, str):
        return callback
    module, _, name = callback.rpartition(".")
    function: Callable[[AirflowContext], Any] = getattr(import_module(module), name)
    return function


def dag_context(run: RunContext, table: Table, state: RunState) -> AirflowContext:
    """Give the context that Airflow hands to a callback of the DAG.

    As in Airflow it is the context of one of the tasks, with the reason of the run's state.
    """
    task = next(reversed(table.states), run.dag_id)
    context = AirflowContext(template_context(run, task, {"reason": state.reason}))
    context["dag_run"].end(state.state)
    return context
