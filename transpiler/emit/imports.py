"""The import block of an emitted module: only what is used, as import sorters order it."""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterable

from transpiler.emit.names import bound_name
from transpiler.model.pipeline import Import

_FIRST_PARTY = {"pipelines", "runtime", "steps"}
KNOWN = {
    "StepRetryConfig": Import("zenml.config.retry_config", "StepRetryConfig"),
    "ExecutionMode": Import("zenml.enums", "ExecutionMode"),
}
"""Names of ZenML that expressions may use without saying where they come from."""


def used_imports(imports: Iterable[Import], used: set[str]) -> list[Import]:
    """The imports whose name is used. Imports of `__future__` stay."""
    return [i for i in imports if i.module == "__future__" or bound_name(i) in used]


def import_block(imports: Iterable[Import]) -> str:
    """The sorted source text: `__future__`, standard library, third party, first party."""
    sections: dict[int, set[Import]] = defaultdict(set)
    for import_ in imports:
        sections[_section(import_.module)].add(import_)
    return "\n\n".join(_section_text(sections[key]) for key in sorted(sections))


def _section(module: str) -> int:
    top = module.split(".")[0]
    if top == "__future__":
        return 0
    if top in sys.stdlib_module_names:
        return 1
    return 3 if top in _FIRST_PARTY else 2


def _section_text(imports: set[Import]) -> str:
    plain = sorted(
        f"import {i.module} as {i.alias}" if i.alias else f"import {i.module}"
        for i in imports
        if i.name is None
    )
    modules = sorted({i.module for i in imports if i.name is not None})
    return "\n".join([*plain, *(line for m in modules for line in _from_lines(m, imports))])


def _from_lines(module: str, imports: set[Import]) -> list[str]:
    """One line for all plain names, and one for each alias, as isort and ruff write them."""
    members = [(i.name, i.alias) for i in imports if i.module == module and i.name is not None]
    plain = sorted({name for name, alias in members if alias in (None, name)}, key=_order)
    lines = [f"from {module} import {', '.join(plain)}"] if plain else []
    aliased = {(name, alias) for name, alias in members if alias not in (None, name)}
    return sorted([*lines, *(f"from {module} import {n} as {a}" for n, a in aliased)])


def _order(name: str) -> tuple[int, str]:
    """Constants, then classes, then the rest: order by type."""
    if len(name) > 1 and name.isupper():
        return 0, name
    return (1 if name[:1].isupper() else 2), name
