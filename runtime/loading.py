"""Load an emitted pipeline module from its project."""

from __future__ import annotations

import importlib
import sys
from importlib.machinery import ModuleSpec
from importlib.util import module_from_spec
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from runtime.exceptions import LaunchError
from runtime.schedule import DagSchedule

if TYPE_CHECKING:
    from zenml.pipelines.pipeline_definition import Pipeline

# Folders of an emitted project that hold modules.
_PACKAGES = ("pipelines", "steps")


def load_pipeline(path: Path) -> tuple[Pipeline, DagSchedule]:
    """Import `<project>/pipelines/<name>.py` and give its pipeline and its `SCHEDULE`.

    The project becomes the first import folder and ZenML's source root. A module without
    `SCHEDULE` runs by hand only. Raises `LaunchError` for a module that does not import, or that
    does not define exactly one pipeline.
    """
    path = path.resolve()
    if not path.is_file():
        raise LaunchError(f"There is no pipeline file {path}.")
    if path.suffix != ".py" or not path.stem.isidentifier():
        raise LaunchError(f"{path} is no Python module: its name must be an identifier and .py.")
    enter_project(path.parent.parent)
    module = _import(path)
    return _pipeline(module, path), _schedule(module, path)


def enter_project(root: Path) -> None:
    """Make a project the first import folder and ZenML's source root."""
    from zenml.utils import source_utils

    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] in _PACKAGES and not _is_under(module, root):
            del sys.modules[name]
    if str(root) in sys.path:
        sys.path.remove(str(root))
    sys.path.insert(0, str(root))
    importlib.invalidate_caches()
    _claim_packages(root)
    source_utils.set_custom_source_root(str(root))


def _claim_packages(root: Path) -> None:
    """Make the project's folders packages of their names, even without an `__init__.py`: anybody
    else's package on the import path would come before such a folder.
    """
    for name in _PACKAGES:
        folder = root / name
        if name not in sys.modules and folder.is_dir() and not (folder / "__init__.py").exists():
            spec = ModuleSpec(name, None, is_package=True)
            spec.submodule_search_locations = [str(folder)]
            sys.modules[name] = module_from_spec(spec)


def forget_modules() -> None:
    """Let the next import of a pipeline read its files again."""
    for name in [name for name in sys.modules if name.partition(".")[0] in _PACKAGES]:
        del sys.modules[name]


def _is_under(module: ModuleType, root: Path) -> bool:
    places = [module.__file__] if getattr(module, "__file__", None) else []
    places += list(getattr(module, "__path__", []))
    return all(Path(place).resolve().is_relative_to(root) for place in places if place)


def _import(path: Path) -> ModuleType:
    name = f"{path.parent.name}.{path.stem}"
    try:
        module = importlib.import_module(name)
    except Exception as error:
        raise LaunchError(f"{path} does not import: {type(error).__name__}: {error}") from error
    if module.__file__ is None or Path(module.__file__).resolve() != path:
        raise LaunchError(f"Importing {name} gave {module.__file__}, not {path}. Rename one.")
    return module


def _pipeline(module: ModuleType, path: Path) -> Pipeline:
    from zenml.pipelines.pipeline_definition import Pipeline

    # A pipeline that the module only imports belongs to another file.
    found = {
        id(value): value
        for value in vars(module).values()
        if isinstance(value, Pipeline) and value.entrypoint.__module__ == module.__name__
    }
    if len(found) != 1:
        names = ", ".join(sorted(pipeline.name for pipeline in found.values())) or "none"
        raise LaunchError(f"{path} must define exactly one pipeline; it defines: {names}.")
    return next(iter(found.values()))


def _schedule(module: ModuleType, path: Path) -> DagSchedule:
    schedules = [value for value in vars(module).values() if isinstance(value, DagSchedule)]
    if len(schedules) > 1:
        raise LaunchError(
            f"{path} must define one DagSchedule at most; it defines {len(schedules)}."
        )
    return schedules[0] if schedules else DagSchedule()
