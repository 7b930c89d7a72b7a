"""Imports: modules of the project are evaluated, all others stay names."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import libcst as cst

from transpiler.evaluate import stdlib, versions
from transpiler.evaluate.airflow_paths import canonical
from transpiler.evaluate.errors import DagCodeError
from transpiler.evaluate.frames import Frame
from transpiler.evaluate.interpreter import CallSite, Interpreter, ModuleSource
from transpiler.evaluate.objects import ModuleValue
from transpiler.model.finding import finding
from transpiler.source.errors import SourceError

_ALWAYS_OUTSIDE = sys.stdlib_module_names | {
    "airflow",
    "pendulum",
    "yaml",
    "kubernetes",
    "pandas",
    "numpy",
}


def import_statement(ip: Interpreter, node: cst.Import, line: Any, frame: Frame) -> None:
    """`import a.b as c`."""
    for alias in node.names:
        dotted = ip.code(alias.name, frame)
        module = load_module(ip, dotted, frame)
        if alias.asname is not None and isinstance(alias.asname.name, cst.Name):
            frame.imported[alias.asname.name.value] = dotted
            frame.bind(
                alias.asname.name.value, module if module is not None else stdlib.resolve(dotted)
            )
        else:
            top = dotted.split(".")[0]
            found = load_module(ip, top, frame)
            frame.imported[top] = top
            frame.bind(top, found if found is not None else stdlib.resolve(top))


def import_from(ip: Interpreter, node: cst.ImportFrom, line: Any, frame: Frame) -> None:
    """`from a.b import c as d`, relative ones and `*` included."""
    dotted = ip.code(node.module, frame) if node.module is not None else ""
    if node.relative:
        module, dotted = _relative(ip, len(node.relative), dotted, frame, node)
    else:
        module = load_module(ip, dotted, frame)
    if isinstance(node.names, cst.ImportStar):
        _import_star(module, dotted, frame)
        return
    for alias in node.names:
        name = ip.code(alias.name, frame)
        bound = (
            alias.asname.name.value
            if alias.asname and isinstance(alias.asname.name, cst.Name)
            else name
        )
        frame.imported[bound] = canonical(f"{dotted}.{name}")
        frame.bind(bound, _member(ip, module, dotted, name, node, frame))


def _import_star(module: ModuleValue | None, dotted: str, frame: Frame) -> None:
    if module is None:
        frame.star_imports.append(dotted)
        return
    exported = module.frame.names.get("__all__")
    for name, value in module.frame.names.items():
        if name in exported if isinstance(exported, (list, tuple)) else not name.startswith("_"):
            frame.bind(name, value)


_AIRFLOW_ITSELF = frozenset({"DAG", "Asset", "Dataset", "XComArg", "__version__"})


def from_star(frame: Frame, name: str) -> Any:
    """A name that only `from … import *` of modules outside the project can have bound."""
    able = [module for module in frame.star_imports if _may_define(module, name)]
    return stdlib.resolve(f"{(able or frame.star_imports)[0]}.{name}")


def _may_define(module: str, name: str) -> bool:
    """Whether a module that is not read could have the name; those loaded here tell."""
    if module == "airflow":
        return name in _AIRFLOW_ITSELF
    known = sys.modules.get(module) if module in sys.stdlib_module_names else None
    return known is None or hasattr(known, name)


def _member(
    ip: Interpreter,
    module: ModuleValue | None,
    dotted: str,
    name: str,
    node: cst.CSTNode,
    frame: Frame,
) -> Any:
    if module is None:
        switch = versions.resolve(ip, f"{dotted}.{name}")
        return stdlib.resolve(f"{dotted}.{name}") if switch is None else switch
    if name in module.frame.names:
        return module.frame.names[name]
    if (own := own_name(module, name)) is not None:
        return own
    found = submodule(ip, module, name)
    if found is not None:
        return found
    if "__getattr__" in module.frame.names:
        return by_getattr(module, name, CallSite(ip, node, frame))
    if module.frame.star_imports:
        return from_star(module.frame, name)
    if module.path in ip.broken:
        return stdlib.resolve(f"{dotted}.{name}")
    if _is_hollow(module):
        # Python prefers an installed package to a folder without code of its own.
        text = f"{dotted}.{name} is not in the project; it is read as one of an installed package"
        ip.report("D2Z121", node, frame, text)
        return stdlib.resolve(f"{dotted}.{name}")
    raise DagCodeError("ImportError", f"cannot import name '{name}' from '{dotted}'", node)


def _is_hollow(module: ModuleValue) -> bool:
    """Whether a package of the project is a folder without `__init__.py`, or with an empty one."""
    return not module.path or (module.path.endswith("__init__.py") and not module.frame.names)


def own_name(module: ModuleValue, name: str) -> Any:
    """`__file__`, `__name__` and `__doc__` of a module; None for any other name."""
    if name == "__file__" and module.path:
        return str(module.frame.module.file)
    if name == "__name__":
        return module.name
    return module.frame.module.tree.get_docstring() if name == "__doc__" else None


def by_getattr(module: ModuleValue, name: str, site: CallSite) -> Any:
    """What a module's own `__getattr__` gives for a name that it lacks."""
    from transpiler.evaluate.invoke import call_value

    return call_value(site.ip, module.frame.names["__getattr__"], (name,), {}, site)


def submodule(ip: Interpreter, module: ModuleValue, name: str) -> ModuleValue | None:
    """The module `name` inside a package of the project."""
    if not module.path.endswith("__init__.py") and module.path:
        return None
    folder = (ip.project_root / module.path).parent if module.path else Path(module.name)
    file = _module_file(folder, [name])
    return _load_file(ip, file, f"{module.name}.{name}") if file else None


def _relative(
    ip: Interpreter, level: int, dotted: str, frame: Frame, node: cst.CSTNode
) -> tuple[ModuleValue | None, str]:
    folder: Path = frame.module.file.parent
    for _ in range(level - 1):
        folder = folder.parent
    parts = dotted.split(".") if dotted else []
    shown = "." * level + dotted
    file = _module_file(folder, parts) if parts else _package_file(folder)
    if file is not None and file.resolve().is_relative_to(ip.project_root):
        return _load_file(ip, file, dotted or folder.name), dotted or folder.name
    ip.report("D2Z111", node, frame, f"no module {shown} in the project")
    return None, dotted or folder.name


def load_module(ip: Interpreter, dotted: str, frame: Frame) -> ModuleValue | None:
    """The project's module of that name, evaluated; None for a module from outside."""
    file = _find_module(ip, dotted)
    return None if file is None else _load_file(ip, file, dotted)


def _find_module(ip: Interpreter, dotted: str) -> Path | None:
    parts = dotted.split(".")
    if parts[0] in _ALWAYS_OUTSIDE:
        return None
    for root in ip.import_roots:
        file = _module_file(root, parts)
        if file is not None and file.resolve().is_relative_to(ip.project_root):
            return file
    return None


def is_optional(ip: Interpreter, dotted: str) -> bool:
    """Whether a module is neither of the project nor of Python nor of Airflow's core."""
    top = dotted.partition(".")[0]
    if top in sys.stdlib_module_names or (top == "airflow" and ".providers." not in dotted):
        return False
    return _find_module(ip, dotted) is None


def _module_file(folder: Path, parts: list[str]) -> Path | None:
    if not all(part.isidentifier() for part in parts):
        return None
    base = folder.joinpath(*parts)
    module = base.parent / f"{base.name}.py"
    if module.is_file():
        return module
    return _package_file(base)


def _package_file(folder: Path) -> Path | None:
    if (folder / "__init__.py").is_file():
        return folder / "__init__.py"
    return folder if folder.is_dir() and any(folder.glob("*.py")) else None


def _load_file(ip: Interpreter, file: Path, dotted: str) -> ModuleValue:
    file = file.resolve()
    path = file.relative_to(ip.project_root).as_posix()
    if path in ip.modules:
        return ip.modules[path]  # type: ignore[no-any-return]
    if file.is_dir():
        source = ModuleSource(path, file, dotted, cst.Module(body=[]), _no_positions(), ip.mutated)
        value = ModuleValue(str(file), "", Frame("module", source))
        ip.modules[path] = value
        return value
    return _evaluate_file(ip, file, path, dotted)


def _no_positions() -> Any:
    from transpiler.source.positions import Positions

    return Positions(cst.Module(body=[]))


def _evaluate_file(ip: Interpreter, file: Path, path: str, dotted: str) -> ModuleValue:
    from transpiler.evaluate.module import load_source, run_module
    from transpiler.model.span import Span

    try:
        source = load_source(ip, file, dotted)
    except SourceError as error:
        ip.broken.add(path)
        detail = f"the module cannot be read: {error.message}"
        ip.findings.append(finding("D2Z111", Span(path, error.line, error.column), detail))
        empty = ModuleSource(path, file, dotted, cst.Module(body=[]), _no_positions(), ip.mutated)
        ip.modules[path] = ModuleValue(dotted, path, Frame("module", empty))
        return ip.modules[path]  # type: ignore[no-any-return]
    value = ModuleValue(dotted, path, Frame("module", source))
    ip.modules[path] = value
    run_module(ip, source, value.frame)
    return value
