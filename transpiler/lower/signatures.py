"""The parameters of a callable, and what Airflow would pass to them."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass, replace

import libcst as cst

from transpiler.lower.template_names import CONTEXT
from transpiler.model.values import Each, FunctionRef, Value

RESERVED = frozenset({"id", "after", "start_after", "self", "cls"})
"""Names that ZenML refuses as step parameters, or takes for its own at the call."""

CONTEXT_KEYS = CONTEXT | {
    "conf",
    "exception",
    "expanded_ti_count",
    "map_index_template",
    "reason",
    "templates_dict",
    "try_number",
}
"""What Airflow passes to a callable that names it (`KNOWN_CONTEXT_KEYS` in
airflow/utils/context.py).
"""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One named parameter; annotation and default as source text."""

    name: str
    annotation: str | None
    default: str | None
    positional_only: bool = False
    keyword_only: bool = False


@dataclass(frozen=True, slots=True)
class Signature:
    """The parameters of a function or lambda."""

    parameters: tuple[Parameter, ...]
    variable_positional: bool
    variable_keywords: bool

    @property
    def positional(self) -> list[str]:
        """Names that positional arguments go to, in order."""
        return [one.name for one in self.parameters if not one.keyword_only]

    @property
    def fits_a_step(self) -> bool:
        """Whether ZenML accepts the parameters."""
        return not (
            self.variable_positional
            or self.variable_keywords
            or any(one.positional_only or one.name in RESERVED for one in self.parameters)
        )


def signature_as_called(ref: FunctionRef) -> Signature:
    """The parameters of a function, of a method without the one that its object fills."""
    found = signature_of(ref.node)
    return found if ref.owner is None else replace(found, parameters=found.parameters[1:])


def signature_of(node: cst.FunctionDef | cst.Lambda) -> Signature:
    """Read the parameters of a function or lambda."""
    params = node.params
    return Signature(
        (
            *_read(params.posonly_params, positional_only=True),
            *_read(params.params),
            *_read(params.kwonly_params, keyword_only=True),
        ),
        isinstance(params.star_arg, cst.Param),
        params.star_kwarg is not None,
    )


def _read(
    params: Sequence[cst.Param], *, positional_only: bool = False, keyword_only: bool = False
) -> list[Parameter]:
    return [
        Parameter(
            param.name.value,
            _code(param.annotation.annotation) if param.annotation else None,
            _code(param.default) if param.default else None,
            positional_only,
            keyword_only,
        )
        for param in params
    ]


def plain_default(code: str) -> tuple[bool, Value]:
    """Whether a default is a literal, and its value."""
    try:
        return True, ast.literal_eval(code)
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        return False, None


def survives_as_parameter(value: Value) -> bool:
    """Whether ZenML gives a step parameter to the step unchanged: it is stored as JSON."""
    if value is None or isinstance(value, (bool, str)):
        return True
    if isinstance(value, (int, float)):
        return value == value and abs(value) != float("inf")
    if type(value) is list:
        return all(survives_as_parameter(item) for item in value)
    if type(value) is dict:
        return all(isinstance(k, str) and survives_as_parameter(v) for k, v in value.items())
    return False


def has_template(value: Value) -> bool:
    """Whether any text in the value is a Jinja template."""
    if isinstance(value, Each):
        return has_template(value.value)
    if isinstance(value, str):
        return "{{" in value or "{%" in value or "{#" in value
    if isinstance(value, dict):
        return any(has_template(item) for item in value.values())
    return isinstance(value, (list, tuple, set)) and any(has_template(item) for item in value)


def _code(node: cst.BaseExpression) -> str:
    return cst.Module([]).code_for_node(node)
