"""`pipelines/<identifier>.py`: imports, constants, schedule, pipeline function and entry point."""

from __future__ import annotations

import ast
import builtins
from dataclasses import fields
from typing import Any

from transpiler.emit.body import pipeline_body
from transpiler.emit.errors import EmitError
from transpiler.emit.expressions import keywords, parsed
from transpiler.emit.imports import KNOWN, import_block, used_imports
from transpiler.emit.names import Names, assign_names, bound_name
from transpiler.emit.scan import loaded_names, stored_names
from transpiler.emit.style import fill, formatted
from transpiler.emit.text import docstring, visible
from transpiler.model.pipeline import Import, PipelineModel, ScheduleModel

_MODULE_NAMES = {*dir(builtins), "__name__", "__file__", "__doc__"}


def pipeline_module(model: PipelineModel) -> str:
    """The module's text. Raises EmitError where the model cannot be written as Python."""
    names = assign_names(model)
    values = _values(model, names)
    draft = fill("pipeline.py.j2", imports="", step_imports="", search="", **values)
    tree = parsed(draft, "the pipeline module")
    used, bound = loaded_names(tree), set(stored_names(tree))
    imports = [*names.imports, *_implied(model, used - bound, names)]
    _all_defined(used, bound, imports)
    return formatted(fill("pipeline.py.j2", **_import_values(imports, used, names), **values))


def _import_values(imports: list[Import], used: set[str], names: Names) -> dict[str, str]:
    """The import block; where there is a steps module, it comes after its folder is made known."""
    steps = [i for i in used_imports(imports, used) if i.module.split(".")[0] == "steps"]
    sys, path = names.own["sys"], names.own["Path"]
    if steps:
        used = {*used, sys, path}
    others = [i for i in used_imports(imports, used) if i not in steps]
    return {
        "imports": import_block(others),
        "search": f"{sys}.path.insert(0, str({path}(__file__).parents[1]))" if steps else "",
        "step_imports": import_block(steps),
    }


def _values(model: PipelineModel, names: Names) -> dict[str, Any]:
    return {
        "source_path": visible(model.source_path),
        "path": f"pipelines/{model.identifier}.py",
        "docstring": docstring(model.docstring) if model.docstring.strip() else "",
        "constants": [_constant(text) for text in model.constants],
        "schedule_name": names.schedule,
        "schedule": f"{names.own['DagSchedule']}({', '.join(_schedule(model.schedule))})",
        "decorator": f"{names.own['pipeline']}({', '.join(keywords(model.decorator))})",
        "function": names.function,
        "run_context": names.own["RunContext"],
        "body": pipeline_body(model, names),
        "launch": names.own["launch"],
    }


def _constant(text: str) -> str:
    """A statement of the source with its comments; one blank line before it is kept."""
    text = text.replace("\r\n", "\n")
    return ("\n" if text.startswith("\n") else "") + text.strip("\n")


def _schedule(schedule: ScheduleModel) -> list[str]:
    """Only what differs from the default, as keyword arguments."""
    return [
        f"{field.name}={getattr(schedule, field.name)!r}"
        for field in fields(schedule)
        if getattr(schedule, field.name) != field.default
    ]


def _implied(model: PipelineModel, unbound: set[str], names: Names) -> list[Import]:
    """Imports of names that are read: well-known ones, and what the steps module defines."""
    have = {bound_name(import_) for import_ in names.imports}
    steps = model.steps_module.definitions if model.steps_module else ()
    defined = {name for text in steps for name in _top_level(text)}
    implied = []
    for name in sorted(unbound - have):
        if name in KNOWN:
            implied.append(KNOWN[name])
        elif name in defined:
            implied.append(Import(f"steps.{model.identifier}", name))
    return implied


def _top_level(text: str) -> set[str]:
    tree = parsed(text, "a definition of the steps module")
    names = {
        node.name
        for node in tree.body
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))
    }
    for node in tree.body:
        if isinstance(node, (ast.Assign, ast.AnnAssign)):
            names.update(stored_names(node))
    return names


def _all_defined(used: set[str], bound: set[str], imports: list[Import]) -> None:
    missing = used - _MODULE_NAMES - bound - {bound_name(import_) for import_ in imports}
    if missing:
        raise EmitError(
            f"the pipeline reads names that nothing defines: {', '.join(sorted(missing))}"
        )
