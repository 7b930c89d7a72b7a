"""What each fixture becomes, file by file. Accept a change with `make snapshots`."""

from __future__ import annotations

import pytest

from tests.emitted.fixtures import FILES, ROOT, results
from transpiler.testing.snapshots import MigrationSnapshot


@pytest.mark.parametrize("stem", [file.stem for file in FILES])
def test_emitted_project(stem: str, migration_snapshot: MigrationSnapshot) -> None:
    result = results()[stem]
    assert result.files
    migration_snapshot.check_files(result.files)


@pytest.mark.parametrize("stem", [file.stem for file in FILES])
def test_findings(stem: str, migration_snapshot: MigrationSnapshot) -> None:
    lines = [
        f"{finding.span}: {finding.code} {finding.severity} {finding.task_id or '-'}: {finding.message}"
        for finding in results()[stem].all_findings
    ]
    migration_snapshot.check_files({"findings": "\n".join(lines) + "\n"})


def test_query_library_is_what_the_fixtures_emit() -> None:
    emitted = {
        path: text
        for result in results().values()
        for path, text in result.files.items()
        if path.startswith("sql/")
    }
    kept = {
        path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8")
        for path in (ROOT / "sql").rglob("*.sql")
    }
    assert kept == emitted
