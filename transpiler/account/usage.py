"""Which names of a module are read at all, and which functions and constants are in the output."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

import libcst as cst

from transpiler.account.found import Found
from transpiler.model.pipeline import PipelineModel
from transpiler.source.positions import Positions

_DEFINED = re.compile(r"^(?:async\s+def|def|class)\s+(\w+)|^(\w+)\s*(?::[^=\n]+)?=(?!=)", re.M)


def read_names(positions: Positions) -> Counter[str]:
    """How often each name is read or bound by an import or a definition.

    Attributes (`.name`), keywords (`name=`) and targets of assignments are not counted.
    """
    counts: Counter[str] = Counter()
    before, name = "", ""
    for token in positions.tokens():
        if not token or token.isspace():
            continue
        if name and token != "=":
            counts[name] += 1
        name = token if token.isidentifier() and before != "." else ""
        before = token
    if name:
        counts[name] += 1
    return counts


def bindings(found: Iterable[Found]) -> Counter[str]:
    """How often each name occurs because it is bound by an import or a definition."""
    kinds = ("import", "function", "class", "dag", "group")
    return Counter(
        name
        for item in found
        if item.kind in kinds or isinstance(item.node, cst.AnnAssign)
        for name in item.bound
    )


def emitted_names(pipelines: Iterable[PipelineModel]) -> frozenset[str]:
    """Functions, classes and constants of the source that the output defines."""
    texts: list[str] = []
    for pipeline in pipelines:
        texts += pipeline.constants
        texts += pipeline.steps_module.definitions if pipeline.steps_module is not None else ()
    return defined_names(texts)


def defined_names(texts: Iterable[str]) -> frozenset[str]:
    """Names that pieces of module-level code define."""
    return frozenset(
        name for text in texts for pair in _DEFINED.findall(text) for name in pair if name
    )
