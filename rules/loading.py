"""Finding and importing rule modules."""

from __future__ import annotations

import importlib
import pkgutil
import sys
from collections.abc import Iterator, Sequence
from hashlib import sha256
from importlib.metadata import EntryPoint, distributions
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

ENTRY_POINT_GROUP = "dag2zen.rules"
_NOT_RULES = {"loading", "registry"}


class RuleLoadError(Exception):
    """A rule module cannot be loaded. The message names the file, the cause and what to do."""

    def __init__(self, where: str, cause: str) -> None:
        super().__init__(f"{where}: {cause}. Correct the rule module, or leave it out.")
        self.where = where


def builtin_modules() -> Iterator[ModuleType]:
    """The modules of this package, by name."""
    folder = str(Path(__file__).parent)
    for name in sorted(info.name for info in pkgutil.iter_modules([folder])):
        if name not in _NOT_RULES:
            yield importlib.import_module(f"rules.{name}")


def installed_entries() -> list[EntryPoint]:
    """The entry points of the group `dag2zen.rules`, by name.

    Of the packages of one name, the first on the path counts. Only those that speak of the group
    are read through: reading those of all packages takes three times as long.
    """
    found: dict[str, list[EntryPoint]] = {}
    for package in distributions():
        if ENTRY_POINT_GROUP in (package.read_text("entry_points.txt") or ""):
            found.setdefault(
                package.name, list(package.entry_points.select(group=ENTRY_POINT_GROUP))
            )
    return sorted((entry for entries in found.values() for entry in entries), key=lambda e: e.name)


def entry_point_modules() -> Iterator[ModuleType]:
    """The modules that installed packages name in the entry point group `dag2zen.rules`."""
    for entry in installed_entries():
        where = f"entry point {entry.name} = {entry.value}"
        try:
            module = entry.load()
        # A rule module is code of somebody else; whatever it raises is told with its place.
        except Exception as error:
            raise RuleLoadError(where, _cause(error)) from error
        if not isinstance(module, ModuleType):
            raise RuleLoadError(where, "does not name a module")
        yield module


def modules_at(paths: Sequence[Path]) -> Iterator[ModuleType]:
    """Import the Python files named, and those directly in the folders named (not the ones with a
    leading `_`).
    """
    for path in paths:
        for file in _python_files(path):
            yield _import_file(file)


def _python_files(path: Path) -> list[Path]:
    if path.is_file():
        return [path]
    if not path.is_dir():
        raise RuleLoadError(str(path), "is neither a file nor a folder")
    files = sorted(file for file in path.glob("*.py") if not file.name.startswith("_"))
    if not files:
        raise RuleLoadError(str(path), "has no rule modules (*.py)")
    return files


def _import_file(path: Path) -> ModuleType:
    digest = sha256(str(path.resolve()).encode()).hexdigest()[:8]
    name = f"dag2zen_rules_{digest}_{path.stem}"
    spec = spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise RuleLoadError(str(path), "is not a Python file")
    module = module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    # A rule module is code of somebody else; whatever it raises is told with its place.
    except Exception as error:
        del sys.modules[name]
        raise RuleLoadError(str(path), _cause(error)) from error
    return module


def _cause(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"
