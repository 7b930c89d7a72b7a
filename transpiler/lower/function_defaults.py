"""Defaults of functions that are names of an enclosing loop: `lambda table=table: …`."""

from __future__ import annotations

import libcst as cst

from transpiler.lower.python_literals import NotALiteralError, literal
from transpiler.lower.source_edits import GiveDefaults, default_names
from transpiler.lower.source_names import SourceNames
from transpiler.lower.steps_namespace import StepsNamespace
from transpiler.model.values import FunctionRef


def with_defaults(
    ref: FunctionRef, node: cst.FunctionDef, names: SourceNames, space: StepsNamespace
) -> cst.FunctionDef:
    """The function with the values that such defaults had; constants of the module stay names."""
    texts: dict[str, str] = {}
    written = default_names(node)
    for name, value in ref.defaults.items():
        if names.is_constant(ref.module, written[name]):
            continue
        try:
            texts[name] = literal(value, use=space.use)[0]
        except NotALiteralError:
            continue
    params = node.params.visit(GiveDefaults(texts)) if texts else node.params
    assert isinstance(params, cst.Parameters)
    return node.with_changes(params=params)
