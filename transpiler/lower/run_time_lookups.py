"""Module-level values that ask for a Variable or a connection when the module is loaded.

An emitted module is loaded before its pipeline runs, when there is no configuration to ask. Such
statements move into the functions that read the value.
"""

from __future__ import annotations

import libcst as cst

from transpiler.lower.airflow_names import runtime_import
from transpiler.lower.module_index import TopLevel
from transpiler.lower.project_modules import ProjectModules

_LOOK_UP_MODULE = "runtime.airflow_names"


def asks_at_import(modules: ProjectModules, path: str, statements: list[TopLevel]) -> bool:
    """Whether plain statements depend, at any distance, on a Variable or a connection."""
    if not all(isinstance(one.node, cst.SimpleStatementLine) for one in statements):
        return False
    return _Search(modules).statements(path, statements)


class _Search:
    def __init__(self, modules: ProjectModules) -> None:
        self._modules = modules
        self._seen: set[tuple[str, str]] = set()

    def statements(self, path: str, statements: list[TopLevel]) -> bool:
        return any(self._name(path, name) for one in statements for name in one.names.read)

    def _name(self, path: str, name: str) -> bool:
        if (path, name) in self._seen:
            return False
        self._seen.add((path, name))
        index = self._modules.index(path)
        for one in index.imported(name):
            module = self._modules.absolute(path, one.module)
            found = runtime_import(f"{module}.{one.member}", name)
            if found is not None and found.module == _LOOK_UP_MODULE:
                return True
            target = self._modules.member(f"{module}.{one.member}")
            if target is not None and self._name(*target):
                return True
        return self.statements(path, [one for one in index.binding(name) if not one.is_import])
