"""What each fixture becomes, file by file. Accept a change with `make snapshots`."""

from __future__ import annotations

from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode

from tests.emitted.fixtures import FILES, ROOT, results


class EmittedFile(SingleFileSnapshotExtension):
    """One snapshot is one emitted file, as it is written."""

    _write_mode = WriteMode.TEXT
    file_extension = "txt"


@pytest.fixture
def emitted_file(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    """The snapshot in the form of single files."""
    return snapshot.use_extension(EmittedFile)


@pytest.mark.parametrize("stem", [file.stem for file in FILES])
def test_emitted_project(stem: str, emitted_file: Any) -> None:
    result = results()[stem]
    assert result.files
    for path, text in sorted(result.files.items()):
        assert text == emitted_file(name=path.replace("/", "__"))


@pytest.mark.parametrize("stem", [file.stem for file in FILES])
def test_findings(stem: str, emitted_file: Any) -> None:
    lines = [
        f"{finding.span}: {finding.code} {finding.severity} {finding.task_id or '-'}: {finding.message}"
        for finding in results()[stem].all_findings
    ]
    assert "\n".join(lines) + "\n" == emitted_file(name="findings")


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
