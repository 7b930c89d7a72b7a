"""What `transpile` and `assess` share: settings, analysis with a progress bar, the exit code."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from transpiler.commands.failures import fail

if TYPE_CHECKING:
    from transpiler.config import MigrationConfig
    from transpiler.lower.mode import Requested
    from transpiler.model.finding import Finding
    from transpiler.report.models import MigrationDocument
    from transpiler.report.result import FileResult
    from transpiler.service import Progress


@dataclass(frozen=True)
class Analysis:
    """The results, the findings of the run as a whole, and the settings that they came by; `jobs`
    as it was asked for.
    """

    results: list[FileResult]
    findings: list[Finding]
    config: MigrationConfig
    project_root: Path
    jobs: int | None = None


def analyse_paths(
    paths: Sequence[Path],
    *,
    project_root: Path | None,
    config: Path | None,
    rules: Sequence[Path] | None,
    jobs: int | None,
    emit: bool,
    mode: Requested | None = None,
    airflow_version: str | None = None,
    include_ignored: bool = False,
) -> Analysis:
    """Read the DAG files. Raises MigrationConfigError and RuleLoadError."""
    from transpiler.batch.inputs import gather, project_root_of
    from transpiler.batch.shadowing import shadowing
    from transpiler.config import load_migration_config
    from transpiler.service import analyse
    from transpiler.suppression.applying import with_suppressions

    if project_root is not None and not project_root.is_dir():
        raise fail(
            f"{project_root} is not a folder. Name the project's folder with --project-root."
        )
    root = project_root.resolve() if project_root else project_root_of(paths)
    start = paths[0] if paths[0].is_dir() else paths[0].parent
    settings = load_migration_config(config, root, start)
    if mode is not None:
        settings = settings.model_copy(update={"mode": mode})
    if airflow_version is not None:
        settings = settings.model_copy(update={"airflow_version": _version(airflow_version)})
    if include_ignored:
        settings = settings.model_copy(update={"airflowignore": "include"})
    inputs = gather(paths, root, settings)
    if inputs.ignored:
        files = "1 file" if inputs.ignored == 1 else f"{inputs.ignored} files"
        print(
            f"{files} left out by .airflowignore, as in Airflow; see --include-ignored",
            file=sys.stderr,
        )
    with progress_bar("Reading DAG files") as progress:
        results = analyse(
            paths,
            project_root=root,
            config=settings,
            rules=[*settings.rule_paths(), *(rules or ())],
            jobs=jobs,
            emit=emit,
            progress=progress,
            inputs=inputs,
        )
    results, findings = with_suppressions(
        results, [*inputs.findings, *shadowing(paths, root)], settings
    )
    return Analysis(results, findings, settings, root, jobs)


def _version(text: str) -> str:
    from transpiler.config.models import check_airflow_version

    try:
        return str(check_airflow_version(text))
    except ValueError as error:
        raise fail(f"--airflow-version {text}: {error}.") from None


def exit_code(document: MigrationDocument, paths: Sequence[Path]) -> int:
    """0: clean, 1: findings that need a person, 2: a path on the command line does not exist."""
    if any(not os.path.lexists(path) for path in paths):
        return 2
    return 1 if document.totals.findings_by_severity["manual"] else 0


@contextmanager
def progress_bar(title: str) -> Iterator[Progress]:
    """A progress bar on stderr where that is a terminal."""
    if not sys.stderr.isatty():
        yield lambda done, total: None
        return
    from rich.console import Console
    from rich.progress import Progress as Bar

    with Bar(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(title, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
