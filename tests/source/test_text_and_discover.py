"""Bytes to text, and which files are DAG files."""

from __future__ import annotations

import os
import zipfile
from pathlib import Path

import pytest

from transpiler.evaluate import read_dag_file
from transpiler.source import discover as discovering
from transpiler.source import text as reading
from transpiler.source import unsearched
from transpiler.source.discover import discover, find_project_root
from transpiler.source.errors import SourceError
from transpiler.source.text import decode, read_text

DAG = "from airflow import DAG\nd = DAG('caf\u00e9')\n"
ENCODINGS = {
    "utf-8": (DAG.encode(), "utf-8"),
    "bom": (b"\xef\xbb\xbf" + DAG.encode(), "utf-8-sig"),
    "crlf": (DAG.replace("\n", "\r\n").encode(), "utf-8"),
    "latin-1 declared": (("# -*- coding: latin-1 -*-\n" + DAG).encode("latin-1"), "iso-8859-1"),
}


@pytest.mark.parametrize("name", ENCODINGS)
def test_encodings(name: str, tmp_path: Path) -> None:
    data, encoding = ENCODINGS[name]
    (tmp_path / "d.py").write_bytes(data)
    found = read_dag_file(tmp_path / "d.py", tmp_path)
    assert [dag.dag_id for dag in found.dags] == ["caf\u00e9"]
    assert found.dags[0].span.line == (3 if "declared" in name else 2)
    assert found.encoding == encoding
    text, used = read_text(tmp_path / "d.py")
    assert used == encoding
    assert text.startswith(("from", "#"))


BAD = {
    "empty": (b"", "D2Z103", 1),
    "blank": (b" \n\t\n", "D2Z103", 1),
    "binary": (b"\x7fELF\x00\x01", "D2Z104", 1),
    "utf-16": (DAG.encode("utf-16"), "D2Z104", 1),
    "latin-1 not declared": (b"x = 1\ny = '\xe9'\n", "D2Z104", 2),
    "unknown encoding": (b"# coding: klingon\n", "D2Z104", 1),
    "not a text encoding": (b"# coding: hex\n", "D2Z104", 1),
    "slow encoding": (b"# coding: punycode\n", "D2Z104", 1),
    "undefined": (b"# coding: undefined\n", "D2Z104", 1),
    "not python": (b"a: b: c\n- d\n", "D2Z101", 1),
    "comments only": (b"# airflow\n# dag\n", "D2Z106", 1),
    "no dag": (b"x = 1\n", "D2Z106", 1),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_bytes(name: str, tmp_path: Path) -> None:
    data, code, line = BAD[name]
    (tmp_path / "d.py").write_bytes(data)
    found = read_dag_file(tmp_path / "d.py", tmp_path)
    (problem,) = found.findings
    assert (problem.code, problem.span.line, problem.span.file) == (code, line, "d.py")
    assert found.error == f"{code}: {problem.message}"


def test_missing_file_and_folder(tmp_path: Path) -> None:
    (tmp_path / "folder.py").mkdir()
    for name in ("none.py", "folder.py"):
        found = read_dag_file(tmp_path / name, tmp_path)
        assert [item.code for item in found.findings] == ["D2Z120"]


def test_name_that_no_file_can_have(tmp_path: Path) -> None:
    assert read_dag_file(tmp_path / "a\0b.py").findings[0].code == "D2Z120"


def test_link_in_a_circle(tmp_path: Path) -> None:
    (tmp_path / "a.py").symlink_to(tmp_path / "b.py")
    (tmp_path / "b.py").symlink_to(tmp_path / "a.py")
    assert read_dag_file(tmp_path / "a.py", tmp_path).findings[0].code == "D2Z120"


def test_link_out_of_the_root(tmp_path: Path) -> None:
    (tmp_path / "outside.py").write_text(DAG)
    (tmp_path / "root").mkdir()
    (tmp_path / "root" / "in.py").symlink_to(tmp_path / "outside.py")
    found = read_dag_file(tmp_path / "root" / "in.py", tmp_path / "root")
    assert [(item.code, item.span.file) for item in found.findings] == [("D2Z105", "in.py")]


def test_pipe_is_not_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.py")
    assert read_dag_file(tmp_path / "pipe.py", tmp_path).findings[0].code == "D2Z120"


def test_file_over_the_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MAX_BYTES", 3)
    (tmp_path / "d.py").write_text("x = 1\n")
    with pytest.raises(SourceError, match="the limit is 3"):
        read_text(tmp_path / "d.py")


def test_unreadable_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def read_bytes(self: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    (tmp_path / "d.py").write_text("x = 1\n")
    monkeypatch.setattr(Path, "read_bytes", read_bytes)
    with pytest.raises(SourceError, match="Permission denied"):
        read_text(tmp_path / "d.py")


def test_empty_file_may_be_asked_for(tmp_path: Path) -> None:
    (tmp_path / "__init__.py").write_text("")
    assert read_text(tmp_path / "__init__.py", may_be_empty=True) == ("", "utf-8")


def test_decode_declared_encoding() -> None:
    assert decode(b"# coding: cp1252\nx = '\x80'")[0].endswith("'\u20ac'")


def test_discover(tmp_path: Path) -> None:
    for name in ("b.py", "sub/a.py", ".venv/c.py", "__pycache__/d.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("from airflow import DAG\n")
    (tmp_path / "no.py").write_text("x = 1\n")
    (tmp_path / "other.txt").write_text("airflow dag\n")
    (tmp_path / "link").symlink_to(tmp_path / "sub", target_is_directory=True)
    found = [path.relative_to(tmp_path).as_posix() for path in discover([tmp_path])]
    assert found == ["b.py", "sub/a.py"]
    assert list(discover([tmp_path / "no.py", tmp_path / "none"])) == [
        tmp_path / "no.py",
        tmp_path / "none",
    ]


def test_discover_tells_what_airflow_would_search(tmp_path: Path) -> None:
    top, outside = tmp_path / "dags", tmp_path / "outside"
    for folder in (top / "sub", outside):
        folder.mkdir(parents=True)
    for name, target in (("away", outside), ("inside", top / "sub"), ("up", tmp_path)):
        (top / name).symlink_to(target, target_is_directory=True)
    for name, member in (("dags.zip", "weekly.py"), ("data.zip", "src/data.py")):
        with zipfile.ZipFile(top / name, "w") as archive:
            archive.writestr(member, DAG)
    (top / "broken.zip").write_bytes(b"PK")
    passed_over: list[tuple[Path, str]] = []
    assert list(discover([top], passed_over)) == []
    assert [(path.name, why) for path, why in passed_over] == [
        ("away", "links to folders are not followed; Airflow follows them"),
        ("dags.zip", "the Python files of an archive are not read; Airflow loads them"),
    ]


def test_discover_does_not_open_a_large_archive(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unsearched, "MAX_ARCHIVE", 1)
    (tmp_path / "large.zip").write_bytes(b"PK")
    passed_over: list[tuple[Path, str]] = []
    assert list(discover([tmp_path], passed_over)) == []
    assert [path.name for path, _ in passed_over] == ["large.zip"]


def test_discover_goes_on_past_a_link_to_itself(tmp_path: Path) -> None:
    (tmp_path / "a.py").symlink_to("a.py")
    (tmp_path / "b.py").write_text(DAG)
    assert [path.name for path in discover([tmp_path])] == ["a.py", "b.py"]


def test_discover_passes_on_what_cannot_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read_bytes(self: Path) -> bytes:
        raise PermissionError

    (tmp_path / "a.py").write_text("")
    monkeypatch.setattr(Path, "read_bytes", read_bytes)
    assert list(discover([tmp_path])) == [tmp_path / "a.py"]


def test_discover_ends_where_a_folder_holds_too_much(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a.py", "b.py", "c.py", "d.py"):
        (tmp_path / name).write_text(DAG)
    (tmp_path / "b" / "deep").mkdir(parents=True)
    for limit, value, count, text in (
        ("MAX_ENTRIES", 5, 1, "over 5 files and folders"),
        ("MAX_SCANNED", 2 * len(DAG.encode()), 2, "over 0 MiB of Python files"),
    ):
        with monkeypatch.context() as patch:
            patch.setattr(discovering, limit, value)
            found = discover([tmp_path])
            assert [next(found).name for _ in range(count)] == ["a.py", "b.py"][:count]
            with pytest.raises(SourceError, match=f"{text}; the rest was not looked at") as caught:
                list(found)
            assert caught.value.code == "D2Z108"


def test_discover_passes_on_what_is_too_large_to_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(discovering, "MAX_BYTES", 3)
    (tmp_path / "large.py").write_text("x = 1\n")
    assert list(discover([tmp_path])) == [tmp_path / "large.py"]


@pytest.mark.parametrize(
    ("marker", "path", "expected"),
    [
        (".git/HEAD", "repo/dags/a.py", ""),
        ("repo/.git", "repo/dags/team/a.py", "repo"),
        (None, "repo/dags/team/a.py", "repo"),
        (None, "loose/a.py", "loose"),
    ],
)
def test_project_root(marker: str | None, path: str, expected: str, tmp_path: Path) -> None:
    for name in filter(None, (marker, path)):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("")
    assert find_project_root(tmp_path / path) == tmp_path / expected
