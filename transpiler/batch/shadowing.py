"""Modules of the user's project that stand in the way of packages which emitted code imports."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from pathlib import Path

from transpiler.batch.inputs import absolute, shown_path
from transpiler.model.finding import Finding, finding
from transpiler.model.span import Span

IMPORTED = ("runtime", "zenml")


def shadowing(paths: Iterable[Path], project_root: Path) -> list[Finding]:
    """D2Z501 for each such module in a folder from the project root down to the DAG files."""
    folders = sorted({folder for path in paths for folder in _folders(path, project_root)})
    return [
        finding("D2Z501", Span(shown_path(module, project_root), 1, 1), f"shadows {name}")
        for folder in folders
        for name in IMPORTED
        for module in (folder / f"{name}.py", folder / name / "__init__.py")
        if module.is_file() and not _is_the_package(module, name)
    ]


def _folders(path: Path, project_root: Path) -> Iterator[Path]:
    path = absolute(path)
    folder = path if path.is_dir() else path.parent
    for candidate in (folder, *folder.parents):
        if candidate.is_relative_to(project_root):
            yield candidate


def _is_the_package(module: Path, name: str) -> bool:
    """Whether the module is what emitted code means, as in a checkout of this project."""
    spec = find_spec(name)
    return spec is not None and spec.origin is not None and module.samefile(spec.origin)
