"""Folders that DAG-building code walks through or imports from, inside the project root."""

from __future__ import annotations

import os
from pathlib import PurePath
from typing import Any

import libcst as cst

from transpiler.evaluate import files
from transpiler.evaluate.errors import DagCodeError, LimitReached
from transpiler.evaluate.interpreter import CallSite
from transpiler.evaluate.objects import Builtin, ModuleValue


def _walk(site: CallSite, top: Any, **options: Any) -> Any:
    """`os.walk`, sorted, as a list of `(folder, folders, files)`."""
    start = files.inside(site, top) if isinstance(top, (str, PurePath)) else None
    if start is None or options:
        return site.symbolic("it walks through folders outside the project root")
    if any(place.is_relative_to(start) for place in site.ip.changed_paths):
        return site.symbolic("it walks through folders that the code itself changes")
    found: list[tuple[str, list[str], list[str]]] = []
    entries = 0
    for folder, folders, names in os.walk(start):
        folders.sort()
        entries += len(folders) + len(names)
        if entries > files.MAX_ENTRIES:
            raise LimitReached(f"over {files.MAX_ENTRIES:,} files below {start.name!r}", site.node)
        found.append((folder, list(folders), sorted(names)))
    return found


def _scandir(site: CallSite, folder: Any = ".") -> Any:
    """`os.scandir`, sorted; its entries have all that paths have, and `path`."""
    if not isinstance(folder, (str, PurePath)):
        return site.symbolic("the folder is not known")
    return files.glob(site, folder, "*")


def _add_import_root(site: CallSite, *args: Any) -> None:
    """`sys.path.append(folder)` and `sys.path.insert(0, folder)`."""
    folder = args[-1] if args else None
    path = files.inside(site, folder) if isinstance(folder, (str, PurePath)) else None
    roots = site.ip.import_roots
    if path is not None and path.is_dir() and path not in roots:
        roots.insert(0 if len(args) > 1 else len(roots), path)


def _add_import_roots(site: CallSite, folders: Any) -> None:
    for folder in folders if isinstance(folders, (list, tuple)) else ():
        _add_import_root(site, folder)


def _import_module(site: CallSite, name: Any, package: Any = None) -> Any:
    """`importlib.import_module("team.jobs")`."""
    from transpiler.evaluate import imports, stdlib

    if not isinstance(name, str) or name.startswith("."):
        site.ip.report("D2Z111", site.node, site.frame, "the module's name is not known here")
        return site.symbolic("the module is not known")
    module = imports.load_module(site.ip, name, site.frame)
    return stdlib.resolve(name) if module is None else module


def _import_string(site: CallSite, path: Any) -> Any:
    """Airflow's `import_string("team.operators.LoadOperator")`."""
    from transpiler.evaluate import access, stdlib

    module, _, name = path.rpartition(".") if isinstance(path, str) else ("", "", "")
    if not module:
        return site.symbolic("the name is not known")
    home = _import_module(site, module)
    if isinstance(home, ModuleValue):
        place = site.node if isinstance(site.node, cst.BaseExpression) else cst.Name(name)
        return access.attribute(site.ip, home, name, place, site.frame)
    return stdlib.resolve(path)


def _chdir(site: CallSite, folder: Any) -> None:
    text = "os.chdir changes the folder that relative paths start from"
    site.ip.report("D2Z116", site.node, site.frame, text)


def _exit(site: CallSite, *_: Any) -> Any:
    raise DagCodeError("SystemExit", "the file ends itself", site.node)


_TABLE: dict[str, Any] = {
    "os.walk": _walk,
    "os.scandir": _scandir,
    "os.chdir": _chdir,
    "sys.path.append": _add_import_root,
    "sys.path.insert": _add_import_root,
    "sys.path.extend": _add_import_roots,
    "importlib.import_module": _import_module,
    "airflow.utils.module_loading.import_string": _import_string,
    "airflow.sdk.module_loading.import_string": _import_string,
    "sys.exit": _exit,
}
KNOWN: dict[str, Any] = {
    name: Builtin(name, function, wants_site=True) for name, function in _TABLE.items()
}
