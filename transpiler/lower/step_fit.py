"""Whether a function can be a ZenML step itself, and what must change for that."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import libcst as cst

from transpiler.lower.annotations import (
    ANYTHING,
    TRUSTED,
    Returns,
    fits,
    outer_type,
    return_annotation_holds,
)
from transpiler.lower.mapping import is_list_for, values_by_name
from transpiler.lower.module_index import ModuleIndex
from transpiler.lower.outputs import multiple_outputs
from transpiler.lower.passed import Passed
from transpiler.lower.project_modules import ProjectModules
from transpiler.lower.signatures import (
    CONTEXT_KEYS,
    Parameter,
    plain_default,
    signature_of,
    survives_as_parameter,
)
from transpiler.lower.step_definitions import StepEdit
from transpiler.model.dag import Dag, Task
from transpiler.model.values import Each, FunctionRef, TaskOutput, Value, is_known, is_result


@dataclass(frozen=True)
class CallToFit:
    """What a step is called with; `rows` is what `expand_kwargs` is given, as an `Each` mark."""

    task: Task
    passed: tuple[Passed, ...]
    rows: Passed | None = None


def fit_as_step(
    dag: Dag,
    modules: ProjectModules,
    ref: FunctionRef,
    call: CallToFit,
    taken: bool,
    timeout: float | None,
) -> StepEdit | None:
    """How to change the function so that it is a step for this call; None where it needs a step
    around it.

    `taken` says that another task takes the result. Templates in arguments are the caller's
    concern.
    """
    node = ref.node
    if not isinstance(node, cst.FunctionDef) or node.asynchronous is not None:
        return None
    signature = signature_of(node)
    names = {parameter.name for parameter in signature.parameters}
    values = {one.name: one.value for one in call.passed}
    if call.rows is not None:
        rows = values_by_name(call.rows.value.value, names - values.keys())
        if rows is None:
            return None
        values.update(rows)
    if not signature.fits_a_step or not values.keys() <= names:
        return None
    drop = set()
    for parameter in signature.parameters:
        kept: bool | None = True
        if parameter.name in values:
            kept = _holds_for_value(dag, call.task, parameter, values[parameter.name])
        if kept is not None and (parameter.name not in values or _optional(call, parameter)):
            default = _holds_for_default(modules.index(ref.module), parameter)
            kept = None if default is None else kept and default
        if kept is None:
            return None
        if not kept and parameter.annotation is not None:
            drop.add(parameter.name)
    returns = _returns(node)
    if returns is None or returns.is_generator:
        return None
    several = multiple_outputs(call.task)
    return StepEdit(frozenset(drop), _return_change(node, returns, taken), timeout, several)


def _optional(call: CallToFit, parameter: Parameter) -> bool:
    """Whether the default may be used although some instance is given a value."""
    given = {one.name for one in call.passed}
    return call.rows is not None and parameter.name not in given and parameter.default is not None


def _holds_for_default(index: ModuleIndex, parameter: Parameter) -> bool | None:
    """Whether the annotation holds for the default; None where ZenML cannot pass that on."""
    if parameter.default is None or parameter.name in CONTEXT_KEYS:
        return None
    known, default = plain_default(index.literal(parameter.default) or parameter.default)
    if not known or not survives_as_parameter(default):
        return None
    return fits(parameter.annotation or "Any", default)


def _holds_for_value(dag: Dag, task: Task, parameter: Parameter, value: Value) -> bool | None:
    """Whether the annotation holds for what is passed; None where ZenML cannot pass it on."""
    annotation = parameter.annotation or "Any"
    if isinstance(value, Each):
        return _holds_for_each(annotation, value.value)
    if isinstance(value, TaskOutput):
        return _holds_for_output(dag, task, annotation, value)
    if is_result(value):
        return annotation in ANYTHING
    if isinstance(value, list) and value and all(isinstance(one, TaskOutput) for one in value):
        return annotation in ANYTHING
    return fits(annotation, value) if survives_as_parameter(value) else None


def _holds_for_each(annotation: str, values: Value) -> bool:
    """Whether the annotation holds for every element; one that is no JSON arrives as an artifact."""
    if annotation in ANYTHING:
        return True
    if not isinstance(values, (list, tuple)) or not is_known(values):
        return False
    return all(survives_as_parameter(value) and fits(annotation, value) for value in values)


def _holds_for_output(dag: Dag, task: Task, annotation: str, output: TaskOutput) -> bool:
    if annotation in ANYTHING:
        return True
    if is_list_for(dag, dag.task(output.task_id), task):
        return annotation in ("list", "List", "typing.List")
    if annotation in TRUSTED:
        return True
    producer = dag.task(output.task_id).function
    if (
        output.key != "return_value"
        or producer is None
        or not isinstance(producer.node, cst.FunctionDef)
    ):
        return False
    returns = _returns(producer.node)
    if returns is None:
        return False
    literals = returns.literals
    if literals is not None:
        return all(fits(annotation, value) for value in literals)
    return "[" not in annotation and returns.type_name == outer_type(annotation)


def _return_change(node: cst.FunctionDef, returns: Returns, taken: bool) -> str | None:
    if taken and returns.only_none:
        # Without an output there is no artifact for the task that takes the result.
        return "Any"
    if node.returns is None:
        return None
    annotation = cst.Module([]).code_for_node(node.returns.annotation)
    return None if return_annotation_holds(annotation, returns) else "drop"


@lru_cache(maxsize=256)
def _returns(node: cst.FunctionDef) -> Returns | None:
    """What a function returns, worked out once for all tasks that call it."""
    bare = node.with_changes(decorators=[], leading_lines=[], lines_after_decorators=[])
    try:
        return Returns(cst.Module([]).code_for_node(bare))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
