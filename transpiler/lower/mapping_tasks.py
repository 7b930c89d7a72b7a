"""Mapped tasks: the one call that notes all their instances."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

from transpiler.lower.errors import UntranslatableError
from transpiler.lower.mapping import instances, with_each
from transpiler.lower.mapping_rows import merged
from transpiler.lower.operator_classes import has_class, operator_step
from transpiler.lower.reader import TaskReader
from transpiler.lower.step_parameters import LIBRARY, named
from transpiler.model.dag import Argument, Expansion, Task
from transpiler.model.finding import Finding, finding
from transpiler.model.pipeline import StepCall
from transpiler.model.values import results_in

if TYPE_CHECKING:
    from transpiler.lower.lowering import Lowering

_FILE = re.compile(r"\.(sh|bash|sql|html|json|ya?ml|txt)$")
"""Endings by which operators know template files (`template_ext`)."""
ApplyRule: TypeAlias = "Callable[[TaskReader], StepCall | list[StepCall]]"


def mapped_call(reader: TaskReader, apply: ApplyRule, to: Lowering) -> StepCall:
    """The call of a mapped task, by the rule of its operator.

    The rule sees one element in place of each mapped argument. Where it must know the values, it is
    asked for each instance, and the answers are joined. Raises UntranslatableError.
    """
    task = reader.task
    if task.function is not None or task.own_class is not None:
        return _mapped(task, apply(reader))
    refusal: UntranslatableError | None = None
    if task.mapped is not None and task.mapped.kind == "expand" and not _names_files(task.mapped):
        try:
            call = _mapped(task, apply(reader))
            if (ordered := _in_order(call, len(task.mapped.arguments), to)) is not None:
                return ordered
        except UntranslatableError as error:
            refusal = error
    rows = instances(replace(task, arguments=_unmapped_arguments(task)))
    if rows:
        named_rows = [
            replace(row, task_id=f"{task.task_id}_{number}") for number, row in enumerate(rows, 1)
        ]
        try:
            return merged(task, [_instance(row, reader, apply) for row in named_rows], to)
        finally:
            _of_task(to.findings, task, {row.task_id for row in named_rows})
    if has_class(task) and _rows_of_a_run(task):
        return _mapped(task, operator_step(reader, to))
    raise refusal or _refused(
        task,
        "what the operator is mapped over is known only at run time, and its rule must know it",
    )


def mapped_reader(task: Task) -> TaskReader:
    """A reader that gives one element in place of each mapped argument."""
    return TaskReader(with_each(task))


def _rows_of_a_run(task: Task) -> bool:
    """Whether another task gives what `expand_kwargs` takes."""
    mapped = task.mapped
    if mapped is None or mapped.kind != "expand_kwargs":
        return False
    return bool(results_in(mapped.arguments["kwargs"].value))


def _names_files(mapped: Expansion) -> bool:
    """Whether a text may be the name of a file, which the operator's rule reads."""
    return any(
        isinstance(text, str) and _FILE.search(text)
        for argument in mapped.arguments.values()
        if isinstance(argument.value, (list, tuple))
        for text in argument.value
    )


def _unmapped_arguments(task: Task) -> dict[str, Argument]:
    mapped = task.mapped.arguments if task.mapped is not None else {}
    return {name: value for name, value in task.arguments.items() if name not in mapped}


def _mapped(task: Task, made: StepCall | list[StepCall]) -> StepCall:
    calls = made if isinstance(made, list) else [made]
    if len(calls) != 1:
        raise _refused(task, "the task became several steps, which are not mapped together")
    call = calls[0]
    return replace(call, kind="map") if call.kind == "task" else call


def _in_order(call: StepCall, mapped_over: int, to: Lowering) -> StepCall | None:
    """The call with its `each(…)` arguments in the order of `expand`, on which the order of the
    instances depends; None where they are not all arguments of their own. `mapped_over` says how
    many there must be.
    """
    assert to.results is not None
    by_name = named(call)
    if by_name is None:
        return None
    wanted = [expr.code for expr in to.results.each]
    if call.function.startswith(LIBRARY) and len(wanted) < mapped_over:
        return None  # An argument that the step has no use for still makes instances.
    mapped = {name: expr for name, expr in by_name.kwargs.items() if expr.code in wanted}
    if sorted(expr.code for expr in mapped.values()) != sorted(wanted):
        return None
    ordered = sorted(mapped, key=lambda name: wanted.index(mapped[name].code))
    rest = {name: expr for name, expr in by_name.kwargs.items() if name not in mapped}
    return replace(by_name, kwargs={**{name: mapped[name] for name in ordered}, **rest})


def _instance(task: Task, mapped: TaskReader, apply: ApplyRule) -> StepCall:
    reader = TaskReader(task)
    made = apply(reader)
    calls = made if isinstance(made, list) else [made]
    if len(calls) != 1:
        raise _refused(task, "the task became several steps, which are not mapped together")
    mapped.take_like(reader)
    return calls[0]


def _of_task(findings: list[Finding], task: Task, instances: set[str]) -> None:
    """Findings of an instance are the task's, each once."""
    own = [
        replace(found, task_id=task.task_id) if found.task_id in instances else found
        for found in findings
    ]
    findings[:] = dict.fromkeys(own)


def _refused(task: Task, detail: str) -> UntranslatableError:
    return UntranslatableError(finding("D2Z230", task.span, detail, task_id=task.task_id))
