"""Files that are held compressed."""

from __future__ import annotations

from pathlib import Path

import pytest

from transpiler.workspace.output import Output
from transpiler.workspace.packed import PackedFiles
from transpiler.workspace.plan import make_plan
from transpiler.workspace.writer import write_project


def test_files_are_as_they_were_added() -> None:
    files = PackedFiles({"a.py": "a", "b.html": "old"})
    files.pack("b.html", "é" * 1000)
    files.pack("c.html", "")

    assert dict(files) == {"a.py": "a", "b.html": "é" * 1000, "c.html": ""}
    assert len(files) == 3
    with pytest.raises(KeyError):
        files["d"]


def test_they_are_written_like_others(tmp_path: Path) -> None:
    files = PackedFiles({"pipelines/a.py": "a\n"})
    files.pack("migration.html", "<p>one</p>\n")

    plan = write_project(tmp_path / "out", Output(files))

    assert dict(plan.write) == {"migration.html": b"<p>one</p>\n", "pipelines/a.py": b"a\n"}
    assert (tmp_path / "out" / "migration.html").read_text() == "<p>one</p>\n"
    assert make_plan(tmp_path / "out", Output(files)).is_empty


def test_line_endings_of_the_user_stay(tmp_path: Path) -> None:
    write_project(tmp_path, Output({"pipelines/a.py": "a\nb\n"}))
    (tmp_path / "pipelines" / "a.py").write_bytes(b"a\r\nb\r\n")

    plan = write_project(tmp_path, Output({"pipelines/a.py": "a\nc\n"}))

    assert dict(plan.write) == {"pipelines/a.py": b"a\r\nc\r\n"}
