"""A DAG's own macros and filters, native objects, and options of Jinja, as settings of the emitted
templates.
"""

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
UNDEFINED = "template_undefined"
OPTIONS = "jinja_environment_kwargs"
_STRICT = Ref("jinja2.StrictUndefined")
_LENIENT = {
    Ref(f"{module}.{name}"): name
    for module in ("jinja2", "jinja2.runtime")
    for name in ("Undefined", "ChainableUndefined", "DebugUndefined")
}
"""Jinja's classes that the runtime takes for undefined names."""
_SWITCHES = frozenset({"trim_blocks", "lstrip_blocks", "keep_trailing_newline", "autoescape"})
_EXTENSIONS = frozenset({"jinja2.ext.do", "jinja2.ext.loopcontrols"})


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
    _lower_undefined(to)
    _lower_options(to)


def _lower_undefined(to: Lowering) -> None:
    argument = to.dag.arguments.get(UNDEFINED)
    if argument is None or argument.value in (None, _STRICT):
        return
    name = _LENIENT.get(argument.value) if isinstance(argument.value, Ref) else None
    if name is None:
        _report(to, argument, f"{UNDEFINED}: undefined names in templates are errors")
    else:
        to.settings.templates(undefined=name)


def _lower_options(to: Lowering) -> None:
    """What changes how text around the blocks is read; not what changes the signs of blocks."""
    argument = to.dag.arguments.get(OPTIONS)
    if argument is None or argument.value in (None, {}):
        return
    options = argument.value
    if isinstance(options, dict) and all(_is_option(*one) for one in options.items()):
        to.settings.templates(options=options)
    else:
        _report(to, argument, f"{OPTIONS}: it changes how templates are rendered")


def _is_option(name: Value, value: Value) -> bool:
    if name == "extensions":
        return isinstance(value, list) and all(one in _EXTENSIONS for one in value)
    return name in _SWITCHES and isinstance(value, bool)


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
