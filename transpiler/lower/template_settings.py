"""A DAG's own macros and filters, and native objects, as settings of the emitted templates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from transpiler.lower.callables_parts import unwrapped
from transpiler.lower.errors import UntranslatableError
from transpiler.lower.python_literals import NotALiteralError, literal
from transpiler.lower.reporting import about, report_once
from transpiler.lower.step_ids import quoted
from transpiler.model.dag import Argument
from transpiler.model.values import FunctionRef, Ref, Value

if TYPE_CHECKING:
    from transpiler.lower.lowering import Lowering

_KINDS = {
    "user_defined_macros": ("macros", "TEMPLATE_MACROS"),
    "user_defined_filters": ("filters", "TEMPLATE_FILTERS"),
}
"""The key of the configuration and the name in the steps module, by argument of the DAG."""
NATIVE = "render_template_as_native_obj"
ARGUMENTS = frozenset({*_KINDS, NATIVE})


def lower_template_settings(to: Lowering) -> None:
    """Put macros and filters into the steps module, and their place into the configuration.

    What cannot be written there is reported (D2Z302): templates that use it fail.
    """
    for name, (key, constant) in _KINDS.items():
        argument = to.dag.arguments.get(name)
        if argument is None or not argument.value:
            continue
        if not isinstance(argument.value, dict):
            _report(to, argument, f"{name} is known only when the DAG file runs")
            continue
        entries = _entries(argument, to)
        if entries:
            defined = _define(constant, f"{{{', '.join(entries)}}}", to)
            to.settings.templates(**{key: f"steps.{to.callables.identifier}.{defined}"})
    native = to.dag.arguments.get(NATIVE)
    if native is not None and native.value is True:
        to.settings.templates(native=True)
    elif native is not None and native.value not in (None, False):
        _report(to, native, f"{NATIVE} is known only when the DAG file runs")


def _define(constant: str, text: str, to: Lowering) -> str:
    return to.callables.define(constant, lambda name: f"{name} = {text}")


def _entries(argument: Argument, to: Lowering) -> list[str]:
    entries = []
    for name, value in argument.value.items():
        try:
            with to.callables.space.undone_on_error():
                entries.append(f"{quoted(str(name))}: {_code(name, value, argument, to)}")
        except (UntranslatableError, NotALiteralError) as error:
            why = error.finding.message if isinstance(error, UntranslatableError) else str(error)
            _report(to, argument, f"{argument.name}: {name!r} is left out: {why}")
    return entries


def _code(name: str, value: Value, argument: Argument, to: Lowering) -> str:
    partial, target = unwrapped(value)
    if isinstance(target, (FunctionRef, Ref)) and partial is None:
        return to.callables.plain(target, argument.span, str(name))
    return literal(value, use=to.callables.space.use)[0]


def _report(to: Lowering, argument: Argument, detail: str) -> None:
    report_once(to, about("D2Z302", argument, detail))
