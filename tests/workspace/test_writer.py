"""Writing the output folder."""

from __future__ import annotations

import errno
import gzip
import json
import os
from pathlib import Path

import pytest

from tests.workspace.folders import FILES, codes, content, times, visible, write
from transpiler.workspace.errors import WorkspaceError, from_os_error
from transpiler.workspace.manifest import MANIFEST, Entry, Manifest, digest, manifest_bytes
from transpiler.workspace.output import Output
from transpiler.workspace.plan import make_plan

MADE_FROM = '"made_from": {"tool": "", "rules": "", "config": "", "sources": {}}'


def test_first_run_writes_everything(tmp_path: Path) -> None:
    root = tmp_path / "deep" / "out"
    plan = write(root, FILES)
    assert set(plan.write) == set(FILES)
    assert visible(root) == {name: text.encode() for name, text in FILES.items()}
    manifest = json.loads((root / MANIFEST).read_text())
    assert manifest["files"] == {
        name: {"generated": digest(text.encode()), "sources": []}
        for name, text in sorted(FILES.items())
    }
    kept = {".gitattributes", ".gitignore", "base", "manifest.json"}
    assert {path.name for path in (root / ".dag2zen").iterdir()} == kept


def test_what_was_generated_is_stored_once_for_each_content(tmp_path: Path) -> None:
    write(tmp_path, {"a.py": "x\n", "b.py": "x\n", "migration.json": "{}\n", "m.html": "<p>\n"})
    (stored,) = (tmp_path / ".dag2zen/base").iterdir()
    assert stored.name == digest(b"x\n") + ".gz"
    assert gzip.decompress(stored.read_bytes()) == b"x\n"
    write(tmp_path, {"a.py": "y\n"})
    assert [path.name for path in stored.parent.iterdir()] == [digest(b"y\n") + ".gz"]


def test_second_run_changes_nothing(tmp_path: Path) -> None:
    write(tmp_path, FILES)
    before = times(tmp_path)
    plan = write(tmp_path, FILES)
    assert plan.is_empty and plan.findings == []
    assert plan.of_kind("unchanged") == sorted(FILES)
    assert times(tmp_path) == before


def test_a_file_that_was_not_edited_is_replaced(tmp_path: Path) -> None:
    write(tmp_path, FILES)
    plan = write(tmp_path, {**FILES, "pipelines/a.py": "a = 2\n"})
    assert set(plan.write) == {"pipelines/a.py"}
    assert (tmp_path / "pipelines/a.py").read_text() == "a = 2\n"


def test_an_edit_that_equals_the_new_content_is_no_conflict(tmp_path: Path) -> None:
    write(tmp_path, FILES)
    (tmp_path / "pipelines/a.py").write_text("a = 2\n")
    plan = write(tmp_path, {**FILES, "pipelines/a.py": "a = 2\n"})
    assert (plan.findings, plan.write) == ([], {})
    assert write(tmp_path, {**FILES, "pipelines/a.py": "a = 2\n"}).is_empty


def test_a_file_that_was_there_before_the_first_run_stays(tmp_path: Path) -> None:
    (tmp_path / "MIGRATION.md").write_text("mine\n")
    (tmp_path / "pipelines").mkdir()
    (tmp_path / "pipelines/__init__.py").write_text("# mine\n")
    files = {**FILES, "pipelines/__init__.py": ""}
    for _ in range(2):
        plan = write(tmp_path, files)
        assert codes(plan) == [("D2Z503", "MIGRATION.md", 1)]
        assert plan.of_kind("kept") == ["MIGRATION.md"]
        assert (tmp_path / "MIGRATION.md").read_text() == "mine\n"
        assert (tmp_path / "pipelines/__init__.py").read_text() == "# mine\n"
        known = json.loads((tmp_path / MANIFEST).read_text())["files"]
        assert sorted(known) == ["pipelines/a.py", "sql/a/load.sql"]
    write(tmp_path, {})
    assert sorted(visible(tmp_path)) == ["MIGRATION.md", "pipelines/__init__.py"]


def test_a_file_keeps_its_mode(tmp_path: Path) -> None:
    write(tmp_path, FILES)
    (tmp_path / "pipelines/a.py").chmod(0o751)
    write(tmp_path, {**FILES, "pipelines/a.py": "a = 2\n"})
    assert (tmp_path / "pipelines/a.py").stat().st_mode & 0o777 == 0o751


def test_stale_files_go_with_their_folders(tmp_path: Path) -> None:
    write(tmp_path, {**FILES, "sql/b/c/old.sql": "x"})
    (tmp_path / "sql/notes.txt").write_text("mine")
    plan = write(tmp_path, {"MIGRATION.md": "# x\n"})
    assert plan.remove == ("pipelines/a.py", "sql/a/load.sql", "sql/b/c/old.sql")
    assert sorted(visible(tmp_path)) == ["MIGRATION.md", "sql/notes.txt"]
    assert not (tmp_path / "sql/b").exists()


def test_the_last_files_of_a_folder_go_in_one_run(tmp_path: Path) -> None:
    nested = {"sql/a/one.sql": "x", "sql/a/two.sql": "x", "sql/three.sql": "x"}
    write(tmp_path, {"MIGRATION.md": "# x\n", **nested})
    write(tmp_path, {"MIGRATION.md": "# x\n"})
    assert sorted(visible(tmp_path)) == ["MIGRATION.md"]
    assert not (tmp_path / "sql").exists()


def test_a_stale_file_that_is_gone_already(tmp_path: Path) -> None:
    write(tmp_path, FILES)
    (tmp_path / "pipelines/a.py").unlink()
    plan = write(tmp_path, {"MIGRATION.md": "# x\n"})
    assert (plan.remove, plan.findings) == (("sql/a/load.sql",), [])


def test_a_stale_file_that_was_edited_stays_and_is_told_once(tmp_path: Path) -> None:
    write(tmp_path, FILES)
    (tmp_path / "pipelines/a.py").write_text("by hand\n")
    files = {"MIGRATION.md": "# x\n"}
    assert codes(write(tmp_path, files)) == [("D2Z511", "pipelines/a.py", 1)]
    assert write(tmp_path, files).findings == []
    assert (tmp_path / "pipelines/a.py").read_text() == "by hand\n"


def test_lone_surrogates_become_escapes(tmp_path: Path) -> None:
    write(tmp_path, {"a.json": '"\ud800"'})
    assert (tmp_path / "a.json").read_bytes() == b'"\\ud800"'
    assert write(tmp_path, {"a.json": '"\ud800"'}).write == {}


@pytest.mark.parametrize(
    "name",
    ["../a", "/a", "a/../../b", "", "a//b", "./a", "a\\b", "a\0b", ".", "a/.."],
)
def test_names_that_lead_out_are_refused(tmp_path: Path, name: str) -> None:
    root = tmp_path / "out"
    with pytest.raises(WorkspaceError, match="not a path below the output folder"):
        write(root, {"good.py": "1", name: "x"})
    assert list(tmp_path.rglob("*")) == []


def test_a_link_that_leads_out_is_refused(tmp_path: Path) -> None:
    outside, root = tmp_path / "outside", tmp_path / "out"
    outside.mkdir()
    root.mkdir()
    (root / "pipelines").symlink_to(outside)
    with pytest.raises(WorkspaceError, match="is a symbolic link"):
        write(root, FILES)
    assert list(outside.iterdir()) == []
    assert content(root) == {}


def test_a_link_in_place_of_a_file_is_refused(tmp_path: Path) -> None:
    outside, root = tmp_path / "outside.md", tmp_path / "out"
    outside.write_text("mine")
    root.mkdir()
    (root / "MIGRATION.md").symlink_to(outside)
    with pytest.raises(WorkspaceError, match="is a symbolic link"):
        write(root, FILES)
    assert outside.read_text() == "mine"


@pytest.mark.parametrize(
    "manifest",
    [
        "no json",
        "[]",
        "{}",
        '{"version": 1, "files": {}}',
        '{"version": 2, "files": {}}',
        f'{{"version": 2, "files": {{"a": 1}}, {MADE_FROM}}}',
        f'{{"version": 2, "files": [], {MADE_FROM}}}',
        f'{{"version": 2, "files": {{"a": {{"generated": "../x", "sources": []}}}}, {MADE_FROM}}}',
        f'{{"version": 2, "files": {{"a": {{"generated": "{"0" * 64}", "sources": [1]}}}}, {MADE_FROM}}}',
        '{"version": 2, "files": {}, "made_from": {"tool": 1, "rules": "", "config": "", "sources": {}}}',
    ],
)
def test_a_damaged_manifest_is_an_error(tmp_path: Path, manifest: str) -> None:
    (tmp_path / ".dag2zen").mkdir()
    (tmp_path / MANIFEST).write_text(manifest)
    with pytest.raises(WorkspaceError, match="the manifest is damaged"):
        write(tmp_path, FILES)


def test_a_manifest_cannot_remove_files_outside(tmp_path: Path) -> None:
    victim, root = tmp_path / "victim", tmp_path / "out"
    victim.write_text("mine")
    (root / ".dag2zen").mkdir(parents=True)
    entry = Entry(digest(b"mine"))
    (root / MANIFEST).write_bytes(manifest_bytes(Manifest({"../victim": entry})))
    with pytest.raises(WorkspaceError, match="not a path below"):
        write(root, FILES)
    assert victim.read_text() == "mine"


def test_a_file_in_place_of_the_folder(tmp_path: Path) -> None:
    root = tmp_path / "out"
    root.write_text("mine")
    with pytest.raises(WorkspaceError, match="is not a folder"):
        write(root, FILES)


def test_a_folder_in_place_of_a_file(tmp_path: Path) -> None:
    (tmp_path / "MIGRATION.md").mkdir()
    with pytest.raises(WorkspaceError, match="directory"):
        write(tmp_path, FILES)
    assert content(tmp_path) == {}


def test_a_failure_in_the_middle_restores_the_old_state(tmp_path: Path) -> None:
    """A file where a folder is needed: found only when files are moved into place."""
    write(tmp_path, {**FILES, "zz": "old", "stale": "old"})
    before = content(tmp_path)
    new = {name: text + "# new\n" for name, text in FILES.items()}
    with pytest.raises(WorkspaceError, match="Not a directory|File exists"):
        write(tmp_path, {**new, "new/file": "x", "zz/file": "y"})
    assert content(tmp_path) == before
    assert not (tmp_path / "new").exists()


def test_a_failure_of_the_first_run_leaves_no_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(self: Path, data: bytes) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(self))

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(WorkspaceError, match="No space left on device. Free some space") as caught:
        write(tmp_path / "deep" / "out", FILES)
    assert str(tmp_path) in caught.value.path
    assert list(tmp_path.iterdir()) == []


def test_an_interrupt_restores_the_old_state(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, FILES)
    before = content(tmp_path)
    replace = Path.replace

    def interrupted(self: Path, target: Path) -> Path:
        if target.name == "load.sql" and "new" in self.parts:
            raise KeyboardInterrupt
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write(tmp_path, dict.fromkeys(FILES, "new"))
    assert content(tmp_path) == before


@pytest.mark.parametrize(
    ("number", "remedy"),
    [
        (errno.ENOSPC, "Free some space"),
        (errno.EROFS, "writable disk"),
        (errno.EACCES, "permissions"),
        (errno.EIO, "Choose another folder"),
    ],
)
def test_errors_of_the_system_have_path_cause_and_remedy(number: int, remedy: str) -> None:
    error = from_os_error(OSError(number, os.strerror(number), "/somewhere"), Path("out"))
    assert str(error).startswith(f"/somewhere: {os.strerror(number)}. ")
    assert remedy in error.remedy
    assert from_os_error(OSError("odd"), Path("out")).path == "out"


def test_a_plan_writes_nothing(tmp_path: Path) -> None:
    assert set(make_plan(tmp_path / "out", Output(FILES)).write) == set(FILES)
    assert list(tmp_path.iterdir()) == []
