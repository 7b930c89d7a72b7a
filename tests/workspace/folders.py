"""Output folders of the tests."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from transpiler.workspace.output import Output
from transpiler.workspace.plan import Plan
from transpiler.workspace.writer import write_project

FILES = {"pipelines/a.py": "a = 1\n", "sql/a/load.sql": "select 1\n", "MIGRATION.md": "# x\n"}


def write(root: Path, files: dict[str, str], **options: Any) -> Plan:
    """Run with these files."""
    return write_project(root, Output(files, **options))


def content(root: Path) -> dict[str, bytes]:
    """Every file below the folder."""
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file()
    }


def visible(root: Path) -> dict[str, bytes]:
    """Every file below the folder but the tool's own."""
    return {n: text for n, text in content(root).items() if not n.startswith(".dag2zen/")}


def times(root: Path) -> dict[Path, int]:
    """When each file and folder was changed last."""
    return {path: path.stat().st_mtime_ns for path in [root, *root.rglob("*")]}


def codes(plan: Plan) -> list[tuple[str, str, int]]:
    """Code, file and line of each finding."""
    return [(f.code, f.span.file, f.span.line) for f in plan.findings]
