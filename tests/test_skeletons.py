"""Skeletons are compiled once, and their code is kept beside them."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

import jinja2
import pytest

from transpiler import skeletons


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An importable package with one skeleton."""
    folder = tmp_path / "skeleton_package"
    (folder / "templates").mkdir(parents=True)
    (folder / "__init__.py").touch()
    (folder / "templates" / "hello.py.j2").write_text("hello {{ name }}")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, folder.name, raising=False)
    importlib.invalidate_caches()
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    monkeypatch.setattr(sys, "pycache_prefix", None)
    return folder


def rendered() -> str:
    # An environment keeps templates in memory; each one here is that of a new process.
    environment = skeletons.environment("skeleton_package")
    return environment.get_template("hello.py.j2").render(name="world")


def kept(package: Path) -> list[Path]:
    return list((package / "templates" / "__pycache__").glob("*"))


def test_kept_code_is_used(package: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert rendered() == "hello world"
    (path,) = kept(package)
    before = path.stat().st_mtime_ns

    monkeypatch.setattr(jinja2.Environment, "_generate", None)

    assert rendered() == "hello world"
    assert path.stat().st_mtime_ns == before


def test_a_changed_skeleton_is_compiled_anew(package: Path) -> None:
    rendered()
    (package / "templates" / "hello.py.j2").write_text("bye {{ name }}")

    assert rendered() == "bye world"
    assert len(kept(package)) == 1


def test_kept_code_of_other_programs_is_not_used(package: Path) -> None:
    rendered()
    (path,) = kept(package)
    path.write_bytes(b"\0" * 32 + path.read_bytes()[32:])

    assert rendered() == "hello world"


def test_nothing_is_kept_where_python_keeps_nothing(
    package: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)

    assert rendered() == "hello world"
    assert not kept(package)


def test_a_folder_that_cannot_be_written_does_not_matter(package: Path) -> None:
    (package / "templates" / "__pycache__").write_text("in the way")

    assert rendered() == "hello world"


def test_an_unknown_name_is_an_error(package: Path) -> None:
    environment = skeletons.environment("skeleton_package")

    with pytest.raises(jinja2.UndefinedError, match="name"):
        environment.get_template("hello.py.j2").render()
