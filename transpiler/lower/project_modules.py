"""Finding the project's own modules, and the places of names in them."""

from __future__ import annotations

import re
import sys
from collections.abc import Hashable, Mapping
from functools import lru_cache
from typing import Any

import libcst as cst

from transpiler.lower.module_index import ModuleIndex
from transpiler.model.dag import DagFile, SourceModule
from transpiler.model.span import Span
from transpiler.source.positions import positions_of


class ProjectModules:
    """The modules that a DAG file consists of, by path and by import name.

    `dag_path` is the DAG file's: every folder over it may be an import root, as in Airflow.
    """

    def __init__(self, modules: Mapping[str, SourceModule], dag_path: str) -> None:
        self._by_path = {module.path: module for module in modules.values()}
        self._by_name = {module.name: module.path for module in modules.values()}
        folders = dag_path.split("/")[:-1]
        self._roots = {"/".join(folders[:depth]) for depth in range(len(folders) + 1)}
        self.index = lru_cache(maxsize=None)(self._index)
        self._stems = {"/".join(_parts(path)): path for path in self._by_path}
        self.facts: dict[Hashable, Any] = {}
        """What was found out about code of these modules, which the tasks of a file share."""

    def path_of(self, dotted_name: str) -> str | None:
        """The path of the module that an import name means; several import roots are tried."""
        if dotted_name in self._by_name:
            return self._by_name[dotted_name]
        if dotted_name.partition(".")[0] in sys.stdlib_module_names:
            return None
        tail = dotted_name.replace(".", "/")
        candidates = (f"{root}/{tail}" if root else tail for root in self._roots)
        return next((self._stems[stem] for stem in candidates if stem in self._stems), None)

    def member(self, qualified_name: str) -> tuple[str, str] | None:
        """Path and name of `package.module.name` where the module is the project's own."""
        module, _, name = qualified_name.rpartition(".")
        path = self.path_of(module) if module else None
        return None if path is None else (path, name)

    def absolute(self, path: str, module: str) -> str:
        """The absolute name of a module as it is written in an import, dots resolved."""
        dots = len(module) - len(module.lstrip("."))
        if dots == 0:
            return module
        parts = _parts(path)
        if path.endswith("/__init__.py"):
            dots -= 1
        base = parts[: len(parts) - dots] if dots else parts
        return ".".join([*base, *filter(None, [module.lstrip(".")])])

    def span(self, path: str, node: cst.CSTNode) -> Span:
        """Where a node of a module stands."""
        return Span(path, *positions_of(self._by_path[path].tree).range(node))

    def stem(self, path: str) -> str:
        """The last part of a module's name, as a Python identifier."""
        parts = _parts(path)
        name = re.sub(r"\W", "_", parts[-1] if parts else "")
        return name if name.isidentifier() else f"module_{name}"

    def __contains__(self, path: object) -> bool:
        return path in self._by_path

    def _index(self, path: str) -> ModuleIndex:
        return ModuleIndex(self._by_path[path])


@lru_cache(maxsize=2)
def modules_of(dag_file: DagFile) -> ProjectModules:
    """The modules of a file, the same for all that lowers its DAGs."""
    return ProjectModules(dag_file.modules, dag_file.path)


def _parts(path: str) -> list[str]:
    """The folders and the stem of a module's path; a package's folder for its `__init__.py`."""
    parts = path.removesuffix(".py").split("/")
    return parts[:-1] if parts[-1] == "__init__" else parts
