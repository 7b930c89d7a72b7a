"""Whether a function can be a ZenML step itself, and what must change for that."""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from transpiler.lower.annotations import (
    ANYTHING,
    TRUSTED,
    Returns,
    fits,
    outer_type,
    return_annotation_holds,
)
from transpiler.lower.module_index import ModuleIndex
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
from transpiler.model.dag import Dag
from transpiler.model.values import FunctionRef, TaskOutput, Value


def fit_as_step(
    dag: Dag,
    modules: ProjectModules,
    ref: FunctionRef,
    passed: Sequence[Passed],
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
    values = {one.name: one.value for one in passed}
    if not signature.fits_a_step or not values.keys() <= {p.name for p in signature.parameters}:
        return None
    drop = set()
    for parameter in signature.parameters:
        if parameter.name in values:
            kept = _holds_for_value(dag, parameter, values[parameter.name])
        else:
            kept = _holds_for_default(modules.index(ref.module), parameter)
        if kept is None:
            return None
        if not kept and parameter.annotation is not None:
            drop.add(parameter.name)
    returns = _returns(node)
    if returns is None or returns.is_generator:
        return None
    return StepEdit(frozenset(drop), _return_change(node, returns, taken), timeout)


def _holds_for_default(index: ModuleIndex, parameter: Parameter) -> bool | None:
    """Whether the annotation holds for the default; None where ZenML cannot pass that on."""
    if parameter.default is None or parameter.name in CONTEXT_KEYS:
        return None
    known, default = plain_default(index.literal(parameter.default) or parameter.default)
    if not known or not survives_as_parameter(default):
        return None
    return fits(parameter.annotation or "Any", default)


def _holds_for_value(dag: Dag, parameter: Parameter, value: Value) -> bool | None:
    """Whether the annotation holds for what is passed; None where ZenML cannot pass it on."""
    annotation = parameter.annotation or "Any"
    if isinstance(value, TaskOutput):
        return _holds_for_output(dag, annotation, value)
    if isinstance(value, list) and value and all(isinstance(one, TaskOutput) for one in value):
        return annotation in ANYTHING
    return fits(annotation, value) if survives_as_parameter(value) else None


def _holds_for_output(dag: Dag, annotation: str, output: TaskOutput) -> bool:
    if annotation in ANYTHING or annotation in TRUSTED:
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


def _returns(node: cst.FunctionDef) -> Returns | None:
    bare = node.with_changes(decorators=[], leading_lines=[], lines_after_decorators=[])
    try:
        return Returns(cst.Module([]).code_for_node(bare))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
