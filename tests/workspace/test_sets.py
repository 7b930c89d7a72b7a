"""Two sets of DAG files in one output folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.workspace.folders import codes, visible, write
from transpiler.workspace.manifest import read_manifest
from transpiler.workspace.origin import Origin
from transpiler.workspace.scope import covering

A = {"pipelines/__init__.py": "", "pipelines/a.py": "a\n", "MIGRATION.md": "a\n"}
B = {"pipelines/__init__.py": "", "pipelines/b.py": "b\n", "MIGRATION.md": "b\n"}


def sources(files: dict[str, str], source: str) -> dict[str, tuple[str, ...]]:
    return {name: (source,) for name in files if name != "MIGRATION.md"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the output of dags/a.py and dags/b.py, from two runs."""
    write_a(tmp_path, A)
    run(tmp_path, B, "dags/b.py")
    return tmp_path


def run(root: Path, files: dict[str, str], source: str) -> list[tuple[str, str, int]]:
    origin = Origin("1", "r", "c", {source: files.get("pipelines/a.py", "")})
    plan = write(
        root, files, sources=sources(files, source), covers=covering([source]), origin=origin
    )
    return codes(plan)


def write_a(root: Path, files: dict[str, str]) -> list[tuple[str, str, int]]:
    return run(root, files, "dags/a.py")


def test_each_set_keeps_its_files(folder: Path) -> None:
    assert sorted(visible(folder)) == [
        "MIGRATION.md",
        "pipelines/__init__.py",
        "pipelines/a.py",
        "pipelines/b.py",
    ]
    manifest = read_manifest(folder)
    assert manifest.files["pipelines/__init__.py"].sources == ("dags/a.py", "dags/b.py")
    assert sorted(manifest.origin.sources) == ["dags/a.py", "dags/b.py"]


def test_a_shared_file_goes_with_its_last_set(folder: Path) -> None:
    write_a(folder, {"MIGRATION.md": "none\n"})
    assert sorted(visible(folder)) == ["MIGRATION.md", "pipelines/__init__.py", "pipelines/b.py"]
    run(folder, {"MIGRATION.md": "none\n"}, "dags/b.py")
    assert sorted(visible(folder)) == ["MIGRATION.md"]


def test_the_second_set_cannot_take_a_file(folder: Path) -> None:
    taken = {**B, "pipelines/a.py": "other\n"}
    for _ in range(2):
        assert run(folder, taken, "dags/b.py") == [("D2Z514", "pipelines/a.py", 1)]
        assert (folder / "pipelines/a.py").read_text() == "a\n"


@pytest.mark.parametrize(
    ("paths", "unread", "source", "expected"),
    [
        (["dags"], [], "dags/a.py", True),
        (["dags/a.py"], [], "dags/a.py", True),
        (["dags/a"], [], "dags/ab.py", False),
        (["."], [], "anything.py", True),
        (["dags"], ["dags/a.py"], "dags/a.py", False),
        (["dags"], ["dags"], "dags/a.py", False),
        ([], [], "dags/a.py", False),
    ],
)
def test_covering(paths: list[str], unread: list[str], source: str, expected: bool) -> None:
    assert covering(paths, unread)(source) is expected
