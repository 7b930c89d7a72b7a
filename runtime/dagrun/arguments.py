"""The arguments of a task instance, with references replaced by what they stand for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from runtime.dagrun.dependencies import concerning
from runtime.dagrun.handles import MISSING, RETURN_VALUE, TaskHandle, resolved
from runtime.dagrun.launcher import Start, Whole
from runtime.dagrun.states import SUCCESS
from runtime.dagrun.table import UNMAPPED, Instance, Table
from runtime.exceptions import XComError
from runtime.xcom import MULTIPLE_OUTPUTS


class View:
    """What one instance sees of the results of other tasks; `handles.Results`."""

    def __init__(self, table: Table, instance: Instance) -> None:
        """Take the table, and whose view it is."""
        self._table = table
        self._instance = instance

    def value(self, task_id: str, key: str) -> Any:
        """Give a value; of a mapped task those of all instances, in its own group its own's.

        Raises `XComError` for a key that was not pushed, unless the task has multiple outputs.
        """
        value = self._value(task_id, key)
        if value is MISSING and key != RETURN_VALUE and not self._has_multiple_outputs(task_id):
            raise XComError(
                f"The task {task_id!r} has pushed nothing under the key {key!r}, which "
                f"{self._instance.task!r} takes."
            )
        return value

    def _value(self, task_id: str, key: str) -> Any:
        table, index = self._table, self._table.relevant(self._instance, task_id)
        if index is not None:
            return table.returned(Instance(task_id, index), key)
        if UNMAPPED in table.states[task_id]:
            return table.returned(Instance(task_id), key)
        return table.returned_values(task_id, key) or MISSING

    def _has_multiple_outputs(self, task_id: str) -> bool:
        step = self._table.graph.notes[task_id].step
        configuration = getattr(step, "configuration", None)
        return bool((getattr(configuration, "extra", None) or {}).get(MULTIPLE_OUTPUTS))

    def whole(self, task_id: str) -> Any:
        """Give what a task returned as `Whole`, so that it need not be loaded; else its value."""
        index = self._table.relevant(self._instance, task_id)
        if index is None and UNMAPPED not in self._table.states[task_id]:
            return self._wholes(task_id)
        instance = Instance(task_id, UNMAPPED if index is None else index)
        return Whole(instance) if self._table.has_returned(instance) else None

    def item(self, group: str, key: str) -> Any:
        """Give an argument of the mapped group that the instance is in."""
        table = self._table
        expansion = table.graph.groups[group]
        return expansion.arguments(self._instance.map_index, self, table.length)[key]

    def _wholes(self, task_id: str) -> list[Whole] | None:
        """Give what the instances of a mapped task returned, in the order of the map."""
        instances = [Instance(task_id, index) for index in sorted(self._table.states[task_id])]
        return [Whole(one) for one in instances if self._table.has_returned(one)] or None


def make_start(table: Table, instance: Instance) -> Start:
    """Put together what an instance starts with.

    Raises what resolving the references raises: `XComError`, or whatever a function given to
    `handle.map` raises.
    """
    note = table.graph.notes[instance.task]
    view = View(table, instance)
    kwargs = {key: _argument(value, view) for key, value in note.kwargs.items()}
    for key, value in _mapped(table, instance, view).items():
        if key in kwargs:
            raise TypeError(f"The argument {key!r} of {note.id!r} is both fixed and mapped.")
        kwargs[key] = value
    after = [
        other
        for id in table.graph.upstream[note.id]
        for other in concerning(table, instance, id)
        if table.state(other) == SUCCESS
    ]
    return Start(note, instance, [_argument(value, view) for value in note.args], kwargs, after)


def _argument(value: Any, view: View) -> Any:
    if isinstance(value, TaskHandle) and value.key == RETURN_VALUE:
        return view.whole(value.id)
    return resolved(value, view)


def _mapped(table: Table, instance: Instance, view: View) -> Mapping[str, Any]:
    expansion = table.graph.notes[instance.task].expansion
    if expansion is None:
        return {}
    return expansion.arguments(instance.map_index, view, table.length)
