"""What the runtime must know of a task beyond its arguments, as `extra` of its step."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from transpiler.lower.outlets import inlets_of, outlets_of
from transpiler.lower.params import own_params, own_schemas, plain_params
from transpiler.lower.reader import TaskReader
from transpiler.lower.reporting import about, report_once
from transpiler.model.dag import Argument, Task
from transpiler.model.pipeline import StepCall
from transpiler.model.values import is_known

if TYPE_CHECKING:
    from transpiler.lower.lowering import Lowering

_WITHOUT_RESULT = frozenset({"runtime.steps.branch_sql"})
"""Steps whose result says what runs next; the operator's `execute` gives nothing."""


def pushes_nothing(task: Task) -> bool:
    """Whether Airflow keeps no result of the task (`do_xcom_push=False`)."""
    argument = task.arguments.get("do_xcom_push")
    return argument is not None and argument.value is False


def with_extra(calls: list[StepCall], reader: TaskReader, to: Lowering) -> list[StepCall]:
    """The calls with `.with_options(extra=…)`: the task's own params for templates, where its rule
    did not take them, that its result is not kept or has keys of its own, and its assets.
    """
    extra: dict[str, Any] = {}
    params = own_params(reader.task)
    if params is not None and params in reader.untaken():
        values = dict(plain_params(params))
        if params.value is None:
            reader.take("params")
        elif is_known(values) and isinstance(params.value, dict):
            reader.take("params")
            extra["params"] = values
    extra.update(_param_schemas(params, reader, to))
    if pushes_nothing(reader.task) or calls[-1].function in _WITHOUT_RESULT:
        extra["do_xcom_push"] = False
    if _gives_several(reader.task, calls[-1]):
        extra["multiple_outputs"] = True
    if extra == {"params": {}}:
        extra = {}
    # Of a task of several steps the last one ends it, and so updates its assets.
    last = {**extra, **_assets(reader.task, to)}
    return [
        _with(call, last if call is calls[-1] else extra, to) if last else call for call in calls
    ]


def _param_schemas(
    params: Argument | None, reader: TaskReader, to: Lowering
) -> dict[str, dict[str, Any]]:
    if params is None:
        return {}
    schemas = own_schemas(params, to.dag_file.airflow.major)
    if schemas is None:
        detail = "the schema of a param is known only when the DAG file runs"
        report_once(to, about("D2Z216", params, detail, task_id=reader.task_id))
    return {"param_schemas": schemas} if schemas else {}


def _gives_several(task: Task, call: StepCall) -> bool:
    """Whether each key of the result is an XCom, and the step's own definition does not say so: it
    stands in the library, or runs an operator of the project.
    """
    asked = task.arguments.get("multiple_outputs")
    defined = "." not in call.function and task.own_class is None
    return asked is not None and asked.value is True and not defined


def _assets(task: Task, to: Lowering) -> dict[str, Any]:
    known = {"outlets": list(outlets_of(task).assets), "inlets": inlets_of(task, to)}
    return {name: assets for name, assets in known.items() if assets}


def _with(call: StepCall, extra: dict[str, Any], to: Lowering) -> StepCall:
    if not extra:
        return call
    return replace(call, options={**call.options, "extra": to.literal(extra)})
