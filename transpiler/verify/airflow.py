"""Holding migration.json against what Airflow itself builds from the source files."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from transpiler.report.models import FileEntry, MigrationDocument
from transpiler.source.discover import find_project_root
from transpiler.verify.airflow_fields import SCHEDULE_CODES, file_differences
from transpiler.verify.difference import Difference
from transpiler.verify.errors import VerifyError
from transpiler.verify.programs import facts
from transpiler.verify.project import read_document


def verify_airflow(
    folder: Path, executable: str, project_root: Path | None = None
) -> list[Difference]:
    """Run Airflow's DagBag on the source files, by a Python that has Airflow, and compare field by
    field.

    Raises VerifyError where the source files are not found or that Python has no Airflow.
    """
    document = read_document(folder)
    if not document.files:
        return []
    root = (project_root or _find_root(document, folder)).resolve()
    paths = [str(root / file.path) for file in document.files]
    missing = [path for path in paths if not Path(path).is_file()]
    if missing:
        raise VerifyError(f"{missing[0]} does not exist. Name the right folder by --project-root.")
    found = facts(executable, "airflow_facts", ["--project-root", str(root), *paths])
    by_path = {entry["path"]: entry for entry in found["files"]}
    return [
        difference
        for file, path in zip(document.files, paths, strict=True)
        for difference in _unreported(file, by_path[path])
    ]


def _find_root(document: MigrationDocument, folder: Path) -> Path:
    """The folder that the document's paths start from: around the current folder or around the
    output.
    """
    here = Path.cwd()
    for candidate in (find_project_root(here), here, *folder.resolve().parents):
        if all((candidate / file.path).is_file() for file in document.files):
            return candidate
    raise VerifyError(
        f"the source files, such as {document.files[0].path}, are not found from here. "
        "Name their project by --project-root."
    )


def _unreported(file: FileEntry, found: dict[str, Any]) -> Iterator[Difference]:
    """Differences, but for schedules that the document itself says could not be carried over."""
    by_hand = {
        dag.dag_id
        for dag in file.dags
        if any(
            entry.code in SCHEDULE_CODES and entry.severity == "manual" for entry in dag.findings
        )
    }
    for difference in file_differences(file, found):
        if difference.field != "schedule" or difference.dag_id not in by_hand:
            yield difference
