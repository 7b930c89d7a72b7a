"""The output folder as a whole: emitted files and reports."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from transpiler.model.finding import Finding
from transpiler.report.document import build_document, document_json
from transpiler.report.html import migration_html
from transpiler.report.markdown import migration_markdown
from transpiler.report.models import MigrationDocument
from transpiler.report.result import FileResult
from transpiler.workspace.plan import Plan, make_plan
from transpiler.workspace.writer import write_project


def write_migration(
    folder: Path, results: Sequence[FileResult], findings: Iterable[Finding] = ()
) -> tuple[MigrationDocument, Plan]:
    """Write the emitted files and the three reports; gives the document and what was done.

    Files edited by hand stay, each with a finding in the document. Raises WorkspaceError, and then
    the folder is as it was.
    """
    files = {path: text for result in results for path, text in result.files.items()}
    # Reports hold the findings of the plan, so they come after it.
    plan = make_plan(folder, {**files, **_reports(build_document(results))})
    document = build_document(results, [*findings, *plan.findings])
    return document, write_project(folder, {**files, **_reports(document)})


def _reports(document: MigrationDocument) -> dict[str, str]:
    return {
        "migration.json": document_json(document),
        "MIGRATION.md": migration_markdown(document),
        "migration.html": migration_html(document),
    }
