"""The DAG files that paths stand for."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from transpiler.ignoring.applying import Ignoring
from transpiler.model.finding import Finding, finding
from transpiler.model.span import Span
from transpiler.report.result import FileResult
from transpiler.source.discover import discover, find_project_root
from transpiler.source.errors import SourceError

if TYPE_CHECKING:
    from transpiler.config import MigrationConfig


@dataclass(frozen=True)
class Inputs:
    """Files to read, and results for the paths that stand for none; `findings` tell what
    `.airflowignore` leaves out, `ignored` is the number of those files.
    """

    files: list[Path]
    failed: list[FileResult]
    findings: list[Finding] = field(default_factory=list)
    ignored: int = 0


def project_root_of(paths: Iterable[Path]) -> Path:
    """The project root of the paths; the folder over all of them where they have several."""
    roots = {find_project_root(path) for path in paths}
    return roots.pop() if len(roots) == 1 else Path(os.path.commonpath(roots))


def absolute(path: Path) -> Path:
    """The path from the root of the file system, without `..`; links stay links."""
    return Path(os.path.abspath(path))  # noqa: PTH100 - resolve() would follow the links


def shown_path(path: Path, project_root: Path) -> str:
    """The path relative to the project root, forward slashes; as given where it is outside."""
    for candidate in (absolute(path), path.resolve()):
        if candidate.is_relative_to(project_root):
            return candidate.relative_to(project_root).as_posix()
    return path.as_posix()


def gather(paths: Iterable[Path], project_root: Path, config: MigrationConfig) -> Inputs:
    """Each file once, sorted; files in folders can be left out by `exclude` of migration.yaml, and
    by `.airflowignore`.
    """
    files: dict[Path, Path] = {}
    failed: list[FileResult] = []
    ignoring = Ignoring(project_root, config)
    for path in paths:
        found: list[Path] = []
        passed_over: list[tuple[Path, str]] = []
        problem = _search(path, found, passed_over)
        if problem is None and not found and not passed_over:
            problem = ("D2Z118", "no file looks like a DAG")
        if problem is not None:
            failed.append(_failed(problem[0], path, problem[1], project_root))
        if (found or passed_over) and path.is_dir():
            wanted = {*_wanted((p for p, _ in passed_over), ignoring)}
            failed += [_failed("D2Z125", p, w, project_root) for p, w in passed_over if p in wanted]
            found = _wanted(found, ignoring)
        failed += [_unnamable(file, project_root) for file in found if not _has_name(file)]
        files.update({absolute(file): file for file in found if _has_name(file)})
    return Inputs(
        [files[key] for key in sorted(files)], failed, ignoring.findings(), ignoring.number
    )


def _has_name(path: Path) -> bool:
    """Whether the whole path is text: reports and emitted files, which name it, are UTF-8."""
    return not any("\ud800" <= letter <= "\udfff" for letter in str(path))


def _unnamable(path: Path, project_root: Path) -> FileResult:
    name = os.fsencode(shown_path(path, project_root)).decode("utf-8", "backslashreplace")
    what, place = "the name of the file is no UTF-8", Span(name, 1, 1)
    told = finding("D2Z104", place, what, remedy="Rename the file.")
    return FileResult(name, f"D2Z104: {what}", findings=(told,))


def _wanted(found: Iterable[Path], ignoring: Ignoring) -> list[Path]:
    """What migration.yaml and `.airflowignore` do not leave out."""
    config, root = ignoring.config, ignoring.root
    return ignoring.kept(f for f in found if not config.excludes(shown_path(f, root)))


def _search(
    path: Path, found: list[Path], passed_over: list[tuple[Path, str]]
) -> tuple[str, str] | None:
    """Add the DAG files of a path, and what is passed over with the reason; the code and text of
    what ended the search early, if anything did.
    """
    try:
        for file in discover([path], passed_over):
            found.append(file)
    except OSError as error:
        return "D2Z120", f"cannot be read: {error.strerror}"
    except SourceError as error:
        return error.code, error.message
    return None


def _failed(code: str, path: Path, what: str, project_root: Path) -> FileResult:
    name = shown_path(path, project_root)
    return FileResult(name, f"{code}: {what}", findings=(finding(code, Span(name, 1, 1), what),))
