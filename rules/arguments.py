"""What several rules do with arguments."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from transpiler.lower.errors import UntranslatableError
from transpiler.lower.params import is_param, own_params, plain_params
from transpiler.lower.reporting import about, report_once
from transpiler.model.dag import Argument
from transpiler.model.finding import finding
from transpiler.model.pipeline import Expr, StepCall
from transpiler.model.values import Call, Each, Ref, Value

if TYPE_CHECKING:
    from transpiler.lower.lowering import Lowering
    from transpiler.lower.reader import TaskReader


def step(
    function: str, task: TaskReader, *args: Expr, kwargs: Mapping[str, Expr] | None = None
) -> StepCall:
    """A call of a step of `runtime.steps` that stands for the task."""
    return StepCall(
        f"runtime.steps.{function}",
        Expr(""),
        task.task_id,
        args,
        dict(kwargs or {}),
        span=task.span,
    )


def given(task: TaskReader, name: str) -> Argument | None:
    """The argument, or None where it was not given or is None."""
    argument = task.take(name)
    return None if argument is None or argument.value is None else argument


def each_value(value: Value) -> list[Value]:
    """The value; of a mapped task those of its instances, or None where only a run knows them."""
    if not isinstance(value, Each):
        return [value]
    return [*value.value] if isinstance(value.value, (list, tuple)) else [None]


def pass_on(task: TaskReader, to: Lowering, names: Mapping[str, str]) -> dict[str, Expr]:
    """The arguments that go over unchanged: `names` has the step's parameter for each operator
    argument.
    """
    arguments = ((parameter, given(task, name)) for name, parameter in names.items())
    return {
        parameter: to.expr(argument) for parameter, argument in arguments if argument is not None
    }


def same_as_default(task: TaskReader, **defaults: Any) -> None:
    """Take the arguments whose value is Airflow's default anyway; the others are left to be
    reported.
    """
    for name, default in defaults.items():
        argument = task.task.arguments.get(name)
        if argument is not None and argument.value in (None, default):
            task.take(name)


def params(task: TaskReader, to: Lowering) -> Expr | None:
    """The task's own template params, with the default of each `Param`."""
    task.take("params")
    argument = own_params(task.task)
    if argument is None or not argument.value:
        return None
    if isinstance(argument.value, dict) and any(map(is_param, argument.value.values())):
        return to.literal(dict(plain_params(argument)))
    return to.expr(argument)


def seconds(task: TaskReader, to: Lowering, name: str) -> Expr | None:
    """A duration in seconds from a timedelta or a number. Raises UntranslatableError for anything
    else.
    """
    argument = given(task, name)
    if argument is None:
        return None
    value = argument.value
    if isinstance(value, timedelta):
        return to.literal(number(value.total_seconds()))
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return to.expr(argument)
    raise refused(task, argument, f"{name} is not a duration that is known from the file")


def number(value: float) -> int | float:
    """The value without the fraction that it does not have."""
    return int(value) if float(value).is_integer() else value


def switch(task: TaskReader, name: str) -> bool:
    """Whether an argument that is True or False is on; False where it was not given.

    Raises UntranslatableError (D2Z303) where the file does not tell.
    """
    argument = given(task, name)
    if argument is None:
        return False
    if not isinstance(argument.value, (bool, int)):
        raise refused(task, argument, f"{name} is not known from the file")
    return bool(argument.value)


def function_path(
    task: TaskReader, to: Lowering, name: str, wanted: str | None = None
) -> Expr | None:
    """A callable argument as the dotted path of a function in the steps module, None where it was
    not given; a lambda becomes a function named after the task and `wanted`, by default `name`.

    Raises UntranslatableError where the function cannot be taken over.
    """
    argument = given(task, name)
    if argument is None:
        return None
    label = re.sub(r"\W", "_", f"{task.task_id}_{wanted or name}")
    return to.literal(to.callables.path(task, argument.value, label))


def present(**values: Expr | None) -> dict[str, Expr]:
    """The keyword arguments that there are."""
    return {name: value for name, value in values.items() if value is not None}


def constant_name(value: Any) -> str | None:
    """The text of a string or of a member of one of Airflow's enumerations
    (`TaskInstanceState.SUCCESS`).
    """
    if isinstance(value, str):
        return value
    if isinstance(value, Ref):
        return value.qualified_name.removesuffix(".value").rpartition(".")[2].lower()
    return None


def call_arguments(call: Call, parameters: tuple[str, ...]) -> dict[str, Any]:
    """The arguments of a call by parameter name."""
    return {**dict(zip(parameters, call.args, strict=False)), **call.kwargs}


def platform_settings(task: TaskReader, to: Lowering, texts: Mapping[str, str]) -> None:
    """Take arguments that Airflow's environment answered and the emitted configuration must answer
    now.
    """
    for name, text in texts.items():
        argument = given(task, name)
        if argument is not None and argument.value is not False:
            detail = f"{name}: {text}"
            report_once(to, about("D2Z308", argument, detail, task_id=task.task_id))


def refused(
    task: TaskReader, argument: Argument, detail: str, code: str = "D2Z303"
) -> UntranslatableError:
    """The error that gives the task up: its step will raise with this finding."""
    return UntranslatableError(finding(code, argument.span, detail, task_id=task.task_id))
