"""A second run over files that were edited by hand: merged, marked, kept."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.workspace.folders import codes, content, times, visible, write
from transpiler.workspace.base import base_path
from transpiler.workspace.errors import WorkspaceError
from transpiler.workspace.manifest import MANIFEST, digest

NAME = "pipelines/a.py"
LINES = [f"line {number}\n" for number in range(1, 9)]
OLD = "".join(LINES)
NEW_END = OLD.replace("line 8", "line eight")
EDIT_TOP = OLD.replace("line 1", "mine")


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """An output folder with one file; at the end a second run must change nothing."""
    root = tmp_path / "out"
    write(root, {NAME: OLD})
    yield root
    assert not list(root.glob(".dag2zen/staging-*"))


def run_twice(root: Path, files: dict[str, str]) -> list[tuple[str, str, int]]:
    """Run, and again with the same input, which changes nothing; the findings of the first run."""
    plan = write(root, files)
    before, moments = content(root), times(root)
    again = write(root, files)
    assert again.is_empty
    assert again.standing == plan.standing
    assert (content(root), times(root)) == (before, moments)
    return codes(plan)


def edit(root: Path, text: str | bytes, name: str = NAME) -> None:
    data = text.encode() if isinstance(text, str) else text
    (root / name).write_bytes(data)


def read(root: Path, name: str = NAME) -> str:
    return (root / name).read_bytes().decode()


def test_an_edit_alone_is_nothing_to_tell(folder: Path) -> None:
    edit(folder, EDIT_TOP)
    assert run_twice(folder, {NAME: OLD}) == []
    assert read(folder) == EDIT_TOP


def test_edits_and_news_in_different_places_are_merged(folder: Path) -> None:
    edit(folder, EDIT_TOP)
    assert run_twice(folder, {NAME: NEW_END}) == [("D2Z513", NAME, 1)]
    assert read(folder) == EDIT_TOP.replace("line 8", "line eight")


def test_the_next_merge_starts_from_what_was_last_generated(folder: Path) -> None:
    edit(folder, EDIT_TOP)
    write(folder, {NAME: NEW_END})
    run_twice(folder, {NAME: NEW_END.replace("line 4", "line four")})
    assert read(folder) == EDIT_TOP.replace("line 8", "line eight").replace("line 4", "line four")


def test_conflicts_are_marked_as_git_marks_them(folder: Path) -> None:
    edit(folder, OLD.replace("line 2", "mine").replace("line 7", "mine too"))
    new = OLD.replace("line 2", "new").replace("line 7", "new too")
    assert run_twice(folder, {NAME: new}) == [("D2Z510", NAME, 2), ("D2Z510", NAME, 11)]
    assert read(folder).startswith(
        "line 1\n<<<<<<< edited\nmine\n=======\nnew\n>>>>>>> newly generated\nline 3\n"
    )


def test_an_open_conflict_stays_until_it_is_resolved(folder: Path) -> None:
    edit(folder, OLD.replace("line 2", "mine"))
    write(folder, {NAME: OLD.replace("line 2", "new")})
    marked = read(folder)
    newer = OLD.replace("line 2", "new").replace("line 8", "line eight")
    assert run_twice(folder, {NAME: newer}) == [("D2Z510", NAME, 2)]
    assert read(folder) == marked

    edit(folder, OLD.replace("line 2", "both"))
    assert run_twice(folder, {NAME: newer}) == [("D2Z513", NAME, 1)]
    assert read(folder) == newer.replace("new\n", "both\n")


def test_line_endings_of_the_edited_file_stay(folder: Path) -> None:
    edit(folder, EDIT_TOP.replace("\n", "\r\n"))
    assert run_twice(folder, {NAME: NEW_END}) == [("D2Z513", NAME, 1)]
    assert read(folder) == EDIT_TOP.replace("line 8", "line eight").replace("\n", "\r\n")


def test_markers_have_the_line_endings_of_the_edited_file(folder: Path) -> None:
    edit(folder, OLD.replace("line 2", "mine").replace("\n", "\r\n"))
    assert codes(write(folder, {NAME: OLD.replace("line 2", "new")})) == [("D2Z510", NAME, 2)]
    assert read(folder).count("\r\n") == read(folder).count("\n")


def test_other_line_endings_alone_are_no_edit(folder: Path) -> None:
    edit(folder, OLD.replace("\n", "\r\n"))
    assert run_twice(folder, {NAME: OLD}) == []
    assert run_twice(folder, {NAME: NEW_END}) == []
    assert read(folder) == NEW_END.replace("\n", "\r\n")
    assert write(folder, {}).remove == (NAME,)


def test_generated_text_with_both_line_endings_is_written_as_it_is(folder: Path) -> None:
    edit(folder, OLD.replace("\n", "\r\n"))
    write(folder, {NAME: "a\r\nb\n"})
    assert read(folder) == "a\r\nb\n"


@pytest.mark.parametrize("edited", [b"\xff\xfe latin", b"a\0b\n"])
def test_what_is_no_text_is_kept(folder: Path, edited: bytes) -> None:
    edit(folder, edited)
    assert run_twice(folder, {NAME: NEW_END}) == [("D2Z503", NAME, 1)]
    assert (folder / NAME).read_bytes() == edited


def test_a_merge_that_cannot_be_parsed_is_not_written(folder: Path) -> None:
    """Each side changed other lines, and each is right by itself."""
    base = "x = (\n    1,\n    2,\n    3,\n    4,\n)\n"
    write(folder, {NAME: base, "sql/a.sql": base})
    edited = base.replace("(", "[").replace(")", "]")
    split = base.replace("    3", ")\ny = (\n    3")
    edit(folder, edited)
    edit(folder, edited, "sql/a.sql")
    assert run_twice(folder, {NAME: split, "sql/a.sql": split}) == [
        ("D2Z503", NAME, 1),
        ("D2Z513", "sql/a.sql", 1),
    ]
    assert read(folder) == edited


def test_an_edit_that_cannot_be_parsed_is_merged(folder: Path) -> None:
    edit(folder, EDIT_TOP.replace("mine", "mine ("))
    assert run_twice(folder, {NAME: NEW_END}) == [("D2Z513", NAME, 1)]


def test_settings_that_cannot_be_parsed_after_a_merge(folder: Path) -> None:
    name, base = "configs/a.yaml", "a: [\n  1,\n  2,\n  3,\n  4,\n]\n"
    write(folder, {name: base})
    edited = base.replace("[", "{k: [").replace("]", "]}")
    edit(folder, edited, name)
    split = base.replace("  3", "]\nb: [\n  3")
    assert run_twice(folder, {name: split}) == [("D2Z503", name, 1)]


def test_reports_for_machines_are_kept_not_merged(folder: Path) -> None:
    write(folder, {NAME: OLD, "migration.json": "{}\n"})
    edit(folder, "{1}\n", "migration.json")
    assert run_twice(folder, {NAME: OLD, "migration.json": "{2}\n"}) == [
        ("D2Z503", "migration.json", 1)
    ]
    assert read(folder, "migration.json") == "{1}\n"


def test_without_git_the_edit_is_kept(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    edit(folder, EDIT_TOP)
    with monkeypatch.context() as without:
        without.setenv("PATH", str(folder))
        plan = write(folder, {NAME: NEW_END, "b.py": "b\n"})
    assert codes(plan) == [("D2Z503", NAME, 1)]
    assert "no git" in plan.findings[0].message and "Install git" in plan.findings[0].remedy
    assert (read(folder), read(folder, "b.py")) == (EDIT_TOP, "b\n")
    # with git the next run makes up for it
    assert codes(write(folder, {NAME: NEW_END, "b.py": "b\n"})) == [("D2Z513", NAME, 1)]


def test_without_what_was_last_generated_the_edit_is_kept(folder: Path) -> None:
    edit(folder, EDIT_TOP)
    (folder / base_path(digest(OLD.encode()))).unlink()
    assert run_twice(folder, {NAME: NEW_END}) == [("D2Z503", NAME, 1)]
    assert read(folder) == EDIT_TOP


@pytest.mark.parametrize("damage", [b"", b"no gzip", None])
def test_a_damaged_store_is_an_error(folder: Path, damage: bytes | None) -> None:
    edit(folder, EDIT_TOP)
    path = folder / base_path(digest(OLD.encode()))
    path.write_bytes(path.read_bytes()[:-9] if damage is None else damage)
    with pytest.raises(WorkspaceError, match="is damaged.* version control, or remove it"):
        write(folder, {NAME: NEW_END})
    assert read(folder) == EDIT_TOP


def test_a_deleted_file_stays_deleted(folder: Path) -> None:
    (folder / NAME).unlink()
    (folder / "pipelines").rmdir()
    assert run_twice(folder, {NAME: NEW_END}) == [("D2Z512", NAME, 1)]
    assert visible(folder) == {}
    # back from version control, it takes over what was missed
    (folder / "pipelines").mkdir()
    edit(folder, EDIT_TOP)
    assert codes(write(folder, {NAME: NEW_END})) == [("D2Z513", NAME, 1)]


def test_a_deleted_file_can_be_made_again(folder: Path) -> None:
    (folder / NAME).unlink()
    assert write(folder, {NAME: NEW_END}, restore=True).findings == []
    assert read(folder) == NEW_END


def test_an_edited_file_that_is_not_made_any_more_is_the_users(folder: Path) -> None:
    edit(folder, EDIT_TOP)
    assert run_twice(folder, {}) == [("D2Z511", NAME, 1)]
    assert run_twice(folder, {NAME: OLD}) == [("D2Z503", NAME, 1)]
    assert read(folder) == EDIT_TOP


def test_a_folder_can_be_moved(folder: Path, tmp_path: Path) -> None:
    edit(folder, EDIT_TOP)
    moved = tmp_path / "other" / "place"
    shutil.copytree(folder, moved)
    assert codes(write(moved, {NAME: NEW_END})) == [("D2Z513", NAME, 1)]


def test_a_folder_named_by_a_link(folder: Path, tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(folder)
    assert write(link, {NAME: NEW_END}).findings == []
    assert read(folder) == NEW_END


def test_without_the_state_folder_every_file_is_the_users(folder: Path) -> None:
    shutil.rmtree(folder / ".dag2zen")
    assert codes(write(folder, {NAME: NEW_END})) == [("D2Z503", NAME, 1)]


def test_the_merge_leaves_the_environment_of_a_hook_alone(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a hook, git's own variables name the repository of the commit."""
    monkeypatch.setenv("GIT_DIR", str(folder / "missing"))
    edit(folder, EDIT_TOP)
    assert codes(write(folder, {NAME: NEW_END})) == [("D2Z513", NAME, 1)]


def test_a_manifest_with_conflict_markers(folder: Path) -> None:
    edit(folder, "{\n<<<<<<< HEAD\n", MANIFEST)
    with pytest.raises(WorkspaceError, match="conflict markers of git.* Take one side of it"):
        write(folder, {NAME: OLD})


def test_a_manifest_of_a_newer_version(folder: Path) -> None:
    edit(folder, '{"version": 3}', MANIFEST)
    with pytest.raises(WorkspaceError, match="has version 3.* Use the newer version"):
        write(folder, {NAME: OLD})
