"""The output folder as a whole: emitted files and reports."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import ValidationError

from transpiler.model.finding import Finding
from transpiler.report.document import build_document, document_json
from transpiler.report.markdown import migration_markdown
from transpiler.report.models import FileEntry, MigrationDocument
from transpiler.report.page.pages import Progress, pages
from transpiler.report.result import FileResult
from transpiler.report.schedules import schedule_views
from transpiler.workspace.errors import WorkspaceError
from transpiler.workspace.journal import read_state
from transpiler.workspace.origin import Origin
from transpiler.workspace.output import Output, everything
from transpiler.workspace.packed import PackedFiles
from transpiler.workspace.plan import Plan, make_plan, read_content
from transpiler.workspace.writer import write_project

DOCUMENT = "migration.json"


@dataclass(frozen=True)
class Migration:
    """What a run read, and how it treats the folder that it writes to."""

    results: Sequence[FileResult]
    findings: Sequence[Finding] = ()
    covers: Callable[[str], bool] = everything
    """Whether the run speaks for a DAG file; what was made of others is left alone."""
    origin: Origin = field(default_factory=Origin)
    restore: bool = False
    """Whether files that the user deleted are made again."""
    root: Path | None = None
    """The project root, for links from the reports to the source."""
    jobs: int | None = None
    """The number of processes that make pages; None chooses by the number of files."""
    progress: Progress | None = None
    """Told of the pages that are made."""

    def is_gone(self, source: str) -> bool:
        """Whether a DAG file is not there any more. Without a root, none is known to be."""
        return self.root is not None and not (self.root / source).exists()


def write_migration(
    folder: Path, results: Sequence[FileResult], findings: Iterable[Finding] = ()
) -> tuple[MigrationDocument, Plan]:
    """Write the emitted files and the reports of a run that speaks for the whole folder."""
    return write(folder, Migration(results, tuple(findings)))


def write(folder: Path, migration: Migration) -> tuple[MigrationDocument, Plan]:
    """Write the emitted files and the reports; gives the run's document and what was done.

    Hand edits stay or are merged, each with a finding. Raises WorkspaceError, and then the folder
    is as it was.
    """
    plan = write_project(folder, _output(folder, migration))
    return _document(migration, plan), plan


def preview(folder: Path, migration: Migration) -> tuple[MigrationDocument, Plan]:
    """What `write` would give, without writing. Raises WorkspaceError."""
    plan = make_plan(folder, _output(folder, migration))
    return _document(migration, plan), plan


def _document(migration: Migration, plan: Plan) -> MigrationDocument:
    return build_document(migration.results, [*migration.findings, *plan.findings])


def _output(folder: Path, migration: Migration) -> Output:
    files: dict[str, str] = {}
    sources: dict[str, set[str]] = defaultdict(set)
    for result in migration.results:
        files.update(result.files)
        for name in result.files:
            sources[name].add(result.path)

    def output(made: Mapping[str, str]) -> Output:
        run = migration
        return Output(made, sources, run.covers, run.is_gone, run.origin, run.restore)

    # Reports hold the findings about emitted files, so they come after those. What one run alone
    # does is not in them, or a second run would change them.
    standing = make_plan(folder, output(files)).standing
    document = build_document(
        migration.results, [*migration.findings, *standing], _carried(folder, migration, files)
    )
    reports = PackedFiles(files)
    reports.pack(DOCUMENT, document_json(document))
    reports.pack("MIGRATION.md", _page(document, folder, migration))
    made = pages(
        document,
        migration.results,
        known=lambda path: (folder / path).exists(),
        jobs=migration.jobs,
        progress=migration.progress,
    )
    for page in made:
        reports.pack(page.path, page.text)
        if page.sources:
            sources[page.path].update(page.sources)
    return output(reports)


def _page(document: MigrationDocument, folder: Path, migration: Migration) -> str:
    """MIGRATION.md; it links to the source where the output is part of the project."""
    root, out = migration.root, folder.resolve()
    inside = root is not None and out.is_relative_to(root)
    sources = Path(os.path.relpath(root, out)).as_posix() if root and inside else None
    return migration_markdown(document, schedule_views(migration.results), sources)


def _carried(folder: Path, migration: Migration, files: Collection[str]) -> list[FileEntry]:
    """The report's entries of DAG files that earlier runs wrote here and this one does not read,
    but for those whose files it has taken over.
    """
    read = {result.path for result in migration.results}
    known = read_state(folder)[0]
    others = {
        source
        for name, entry in known.files.items()
        for source in entry.sources
        if not migration.covers(source) and source not in read
        if not (name in files and migration.is_gone(source))
    }
    content = read_content(folder, DOCUMENT) if others else None
    if content is None:
        return []
    try:
        document = MigrationDocument.model_validate_json(content)
    except ValidationError:
        raise WorkspaceError(
            folder / DOCUMENT,
            "was changed or is of another version, so its entries of other DAG files cannot be "
            f"carried over ({', '.join(sorted(others))})",
            "Name all DAG files of the folder in one run, or write to another folder with --out.",
        ) from None
    return [entry for entry in document.files if entry.path in others]
