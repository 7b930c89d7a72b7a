"""Carrying out a plan: first everything into a staging folder, then file by file into place."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from transpiler.workspace.errors import from_os_error
from transpiler.workspace.paths import STATE_FOLDER, inside
from transpiler.workspace.plan import Plan, make_plan


def write_project(root: Path, files: Mapping[str, str]) -> Plan:
    """Make the folder hold the files (text by relative path); says what was done.

    Files edited by hand stay. After a failure the folder is as it was; raises WorkspaceError.
    """
    plan = make_plan(root, files)
    if not plan.write and not plan.remove:
        return plan
    created: list[Path] = []
    try:
        _make_folder(root / STATE_FOLDER, created)
        with tempfile.TemporaryDirectory(prefix="staging-", dir=root / STATE_FOLDER) as staging:
            _carry_out(plan, root, Path(staging), created)
    except BaseException as error:
        for folder in reversed(created):
            with suppress(OSError):  # not empty: something else is in it by now
                folder.rmdir()
        if isinstance(error, OSError):
            raise from_os_error(error, root) from error
        raise
    return plan


def _carry_out(plan: Plan, root: Path, staging: Path, created: list[Path]) -> None:
    new, old = staging / "new", staging / "old"
    targets = {name: inside(root, name) for name in plan.write}
    for name, content in plan.write.items():
        _make_folder((new / name).parent, [])
        (new / name).write_bytes(content)
    for name in (*plan.write, *plan.remove):
        if inside(root, name).exists():
            _make_folder((old / name).parent, [])
            shutil.copy2(inside(root, name), old / name)
    done: list[str] = []
    try:
        for name, target in targets.items():
            _make_folder(target.parent, created)
            done.append(name)
            (new / name).replace(target)
        for name in plan.remove:
            done.append(name)
            inside(root, name).unlink()
    except BaseException:
        _restore(done, root, old)
        raise
    for name in plan.remove:
        _remove_empty(inside(root, name).parent, root)


def _restore(names: list[str], root: Path, old: Path) -> None:
    for name in reversed(names):
        if (old / name).exists():
            (old / name).replace(inside(root, name))
        elif inside(root, name).exists():
            inside(root, name).unlink()


def _make_folder(folder: Path, created: list[Path]) -> None:
    """Make the folder and those over it; note the ones that were not there, outermost first."""
    missing = [f for f in (folder, *folder.parents) if not f.exists()]
    for path in reversed(missing):
        path.mkdir(exist_ok=True)
        created.append(path)


def _remove_empty(folder: Path, root: Path) -> None:
    while folder != root:
        if folder.exists():  # another removed file may have been the last one of it
            if any(folder.iterdir()):
                return
            folder.rmdir()
        folder = folder.parent
