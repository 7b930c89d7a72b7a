"""Operators and sensors that a project wrote itself, as steps: the class is taken over as it stands.

The class, with what it needs, is copied into the steps module over the runtime's bases, and a small
step makes it and executes it (`runtime.operators.run_operator`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from transpiler.lower.airflow_names import RUNTIME_NAMES
from transpiler.lower.argument_table import ROWS, STRUCTURAL
from transpiler.lower.callables_uses import report_uses
from transpiler.lower.errors import UntranslatableError
from transpiler.lower.operator_members import missing_base_members
from transpiler.lower.passed import ArgumentsOfCall, Passed
from transpiler.lower.step_arguments import StepArguments
from transpiler.lower.step_definitions import ANY, RUN_OPERATOR, STEP, TIMEOUT
from transpiler.lower.template_exts import with_files
from transpiler.lower.timeouts import execution_timeout
from transpiler.model.dag import Argument, Task
from transpiler.model.pipeline import Expr, StepCall
from transpiler.model.values import Each, FunctionRef, Ref

if TYPE_CHECKING:
    from transpiler.lower.lowering import Lowering
    from transpiler.lower.reader import TaskReader

_OF_EVERY_OPERATOR = frozenset(
    {row.name for row in ROWS}
    | {*STRUCTURAL}
    | set(
        "retries retry_delay retry_exponential_backoff max_retry_delay trigger_rule start_date end_date "
        "execution_timeout email email_on_failure email_on_retry on_failure_callback on_success_callback "
        "on_retry_callback on_execute_callback on_skipped_callback resources".split()
    )
)
"""Arguments that are lowered for every task, whatever its operator."""


def operator_step(
    task: TaskReader,
    to: Lowering,
    *,
    settings: frozenset[str] = frozenset(),
    timed: bool = True,
    template_ext: tuple[str, ...] = (),
) -> StepCall:
    """The call of a step that executes the task's own class, or the runtime's class of its operator.

    `settings` are arguments of the base that the class does not name, which default_args may give,
    too; `timed` gives the step the `execution_timeout`; `template_ext` has the endings of template
    files where the class has none of its own. Raises UntranslatableError: D2Z216, D2Z303,
    D2Z304, D2Z305.
    """
    callables = to.callables
    own = task.task.own_class
    with callables.space.undone_on_error():
        if own is None:
            name = callables.space.use(RUNTIME_NAMES[task.task.operator])
        else:
            report_uses(task, own, callables.modules, to)
            for found in missing_base_members(callables.modules, own):
                raise UntranslatableError(replace(found, task_id=task.task_id))
            name = callables.operator_class(own)
        extensions = own.template_ext if own is not None and own.template_ext else template_ext
        passed = list(_passed(task, to, settings, extensions))
        for one in passed:
            ArgumentsOfCall(task.task, None).check(one)
        arguments = StepArguments(to, callables.output_variables, callables.space, task.task)
        written = {str(one.name): _function(one, task, to) for one in passed if _is_code(one)}
        timeout = execution_timeout(task) if timed else None
        wrapper, kwargs = arguments.of_operator(name, passed, written, timeout, _whole(task.task))
        for import_ in (STEP, ANY, RUN_OPERATOR, *([TIMEOUT] if timeout is not None else [])):
            callables.space.use(import_)
        step = callables.define(_snake(name), wrapper.text)
        callables.endings.note(step, callables.endings.hook(task), task)
    mapped = task.task.mapped
    return StepCall(
        function=step,
        step_id=Expr(""),
        task_id=task.task_id,
        kwargs=kwargs,
        assign=callables.output_variables.get(task.task_id),
        span=task.span,
        kind="task" if mapped is None else "map",
    )


def has_class(task: Task) -> bool:
    """Whether the runtime has the task's operator as a class."""
    found = RUNTIME_NAMES.get(task.operator)
    return found is not None and found.module == "runtime.operator_classes"


def _passed(
    task: TaskReader, to: Lowering, settings: frozenset[str], extensions: tuple[str, ...]
) -> Iterator[Passed]:
    """What the class is called with: what it names itself, and what is no argument of every
    operator.
    """
    own = task.task.own_class
    named = settings if own is None else settings | own.parameters
    for name, argument in _given(task.task, settings).items():
        task.take(name)
        if name in named or name not in _OF_EVERY_OPERATOR:
            found = with_files(argument, extensions, to)
            assert found is not None
            yield Passed(name, found.value, found.span, found.source)


def _given(task: Task, settings: frozenset[str]) -> Mapping[str, Argument]:
    mapped = task.mapped.arguments if task.mapped and task.mapped.kind == "expand" else {}
    by_default = {
        name: task.arguments[name]
        for name in settings
        if name in task.arguments and task.arguments[name].origin.endswith("default_args")
    }
    each = {
        name: replace(argument, value=Each(argument.value)) for name, argument in mapped.items()
    }
    own = task.own_arguments
    if task.own_class is None:
        own = {name: one for name, one in task.arguments.items() if one.origin == "task"}
    return {**by_default, **own, **each}


def _whole(task: Task) -> Passed | None:
    if task.mapped is None or task.mapped.kind == "expand":
        return None
    rows = task.mapped.arguments["kwargs"]
    return Passed("arguments", Each(rows.value), rows.span, rows.source)


def _is_code(one: Passed) -> bool:
    return isinstance(one.value, (FunctionRef, Ref))


def _function(one: Passed, task: TaskReader, to: Lowering) -> str:
    callables = to.callables
    if isinstance(one.value, FunctionRef) and one.value.module in callables.modules:
        report_uses(task, one.value, callables.modules, to)
    return callables.plain(one.value, one.span, one.name)


def _snake(name: str) -> str:
    """`LoadOrdersOperator` as the name of a function."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()
