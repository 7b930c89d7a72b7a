"""Which arguments of a step another task gave: Airflow does not render those as templates.

Source: `ResolveMixin` in `airflow.template.templater.Templater.render_template`, and
`DictOfListsExpandInput.resolve`; what `expand_kwargs` gives, Airflow renders all the same.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

from runtime.dagrun.handles import Reference
from runtime.dagrun.mapping import CrossProduct
from runtime.templates.verbatim import VerbatimText

if TYPE_CHECKING:
    from zenml.models import StepRunResponse

    from runtime.dagrun.notes import Note

Path: TypeAlias = "list[str | int]"
"""Where a value stands: the name of the parameter, then keys and indexes."""


def given_paths(note: Note) -> list[Path]:
    """Give the places of references in the arguments of a task."""
    bound = inspect.signature(note.step.entrypoint).bind_partial(*note.args, **note.kwargs)
    found = [path for name, value in bound.arguments.items() for path in _paths(value, [name])]
    if isinstance(note.expansion, CrossProduct):
        mapped = note.expansion.values.items()
        found += [[name] for name, value in mapped if isinstance(value, Reference)]
    return found


def inputs_of(step_run: StepRunResponse) -> list[Path]:
    """Give the parameters of a step of a static pipeline that are results of other steps."""
    return [
        [name]
        for name, inputs in step_run.inputs.items()
        if any(one.input_type == "step_output" for one in inputs)
    ]


def protected(arguments: Mapping[str, Any], paths: Sequence[Path]) -> dict[str, Any]:
    """Give the arguments with the texts at these places, and within them, kept from rendering."""
    changed = dict(arguments)
    for name, *rest in paths:
        if name in changed:
            changed[str(name)] = _at(changed[str(name)], rest)
    return changed


def _paths(value: Any, path: Path) -> Iterator[Path]:
    if isinstance(value, Reference):
        yield path
    elif isinstance(value, (list, tuple)):
        for index, item in enumerate(value):
            yield from _paths(item, [*path, index])
    elif isinstance(value, dict):
        for key, item in value.items():
            if isinstance(key, str):
                yield from _paths(item, [*path, key])


def _at(value: Any, path: Sequence[str | int]) -> Any:
    if not path:
        return _verbatim(value)
    step, *rest = path
    if isinstance(value, dict) and step in value:
        return {**value, step: _at(value[step], rest)}
    if isinstance(value, (list, tuple)) and isinstance(step, int) and step < len(value):
        items = [_at(item, rest) if index == step else item for index, item in enumerate(value)]
        return type(value)(items)
    return value


def _verbatim(value: Any) -> Any:
    """Texts as such that are no templates; other values as they are."""
    if type(value) is str:
        return VerbatimText(value)
    if type(value) in (list, tuple, set):
        return type(value)(_verbatim(item) for item in value)
    if type(value) is dict:
        return {key: _verbatim(item) for key, item in value.items()}
    return value
