"""What the runtime must know of a task beyond its arguments, as `extra` of its step."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from transpiler.lower.params import own_params, plain_params
from transpiler.lower.reader import TaskReader
from transpiler.model.dag import Task
from transpiler.model.pipeline import StepCall
from transpiler.model.values import is_known

if TYPE_CHECKING:
    from transpiler.lower.lowering import Lowering


def pushes_nothing(task: Task) -> bool:
    """Whether Airflow keeps no result of the task (`do_xcom_push=False`)."""
    argument = task.arguments.get("do_xcom_push")
    return argument is not None and argument.value is False


def with_extra(calls: list[StepCall], reader: TaskReader, to: Lowering) -> list[StepCall]:
    """The calls with `.with_options(extra=…)`: the task's own params for templates, where its rule
    did not take them, and that its result is not kept.
    """
    extra: dict[str, Any] = {}
    params = own_params(reader.task)
    if params is not None and params in reader.untaken():
        values = dict(plain_params(params))
        if is_known(values) and isinstance(params.value, dict):
            reader.take("params")
            extra["params"] = values
    if pushes_nothing(reader.task):
        extra["do_xcom_push"] = False
    if not extra or (len(extra) == 1 and extra.get("params") == {}):
        return calls
    option = to.literal(extra)
    return [replace(call, options={**call.options, "extra": option}) for call in calls]
