"""Carrying out a plan: first everything into a staging folder, then file by file into place."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from itertools import takewhile
from pathlib import Path

from transpiler.workspace.errors import from_os_error
from transpiler.workspace.journal import JOURNAL, STAGED, journal_bytes
from transpiler.workspace.lock import locked
from transpiler.workspace.manifest import MANIFEST, manifest_bytes
from transpiler.workspace.output import Output
from transpiler.workspace.paths import STATE_FOLDER, inside
from transpiler.workspace.plan import Plan, make_plan
from transpiler.workspace.state_files import STATE_FILES


def write_project(root: Path, output: Output) -> Plan:
    """Make the folder hold the output; says what was done.

    Hand edits stay. After a failure the folder is as it was; a run that was killed is made good by
    the next one. Raises WorkspaceError, also where another run writes to the folder.
    """
    plan = make_plan(root, output)
    if plan.is_empty:
        return plan
    created: list[Path] = []
    try:
        _make_folder(root / STATE_FOLDER, created)
        with locked(root):
            plan = make_plan(root, output)  # another run may have ended in between
            with tempfile.TemporaryDirectory(
                prefix="staging-", dir=inside(root, STATE_FOLDER)
            ) as staging:
                _carry_out(plan, root, Path(staging), created)
            _remove_leftovers(root)
    except BaseException as error:
        for folder in reversed(created):
            with suppress(OSError):  # not empty: something else is in it by now
                folder.rmdir()
        if isinstance(error, OSError):
            raise from_os_error(error, root) from error
        raise
    return plan


def _carry_out(plan: Plan, root: Path, staging: Path, created: list[Path]) -> None:
    """Stage, then move: the journal before the files, the manifest after them."""
    new, old = staging / STAGED, staging / "old"
    first = {name: content for name, content in STATE_FILES.items() if _lacks(root, name)}
    journal = journal_bytes(plan.manifest, plan.write, plan.remove, staging.name)
    manifest = manifest_bytes(plan.manifest)
    parts: tuple[Mapping[str, bytes], ...] = (
        *(first, plan.state, {JOURNAL: journal}),
        *(plan.write, {MANIFEST: manifest}),
    )
    contents = {name: part for part in parts for name in part}
    targets = {name: inside(root, name) for name in contents}
    for name, part in contents.items():
        _make_folder((new / name).parent, [])
        (new / name).write_bytes(part[name])
    for name in (*contents, *plan.remove):
        if inside(root, name).exists():
            _make_folder((old / name).parent, [])
            shutil.copy2(inside(root, name), old / name)
            if name in contents:
                shutil.copymode(old / name, new / name)
    done: list[str] = []
    try:
        for name, target in targets.items():
            if name == MANIFEST:
                _remove(plan.remove, root, done)
            _make_folder(target.parent, created)
            done.append(name)
            (new / name).replace(target)
    except BaseException:
        _restore(done, root, old)
        raise
    for name in plan.state_remove:
        inside(root, name).unlink(missing_ok=True)
    inside(root, JOURNAL).unlink()
    for name in plan.remove:
        _remove_empty(inside(root, name).parent, root)


def _lacks(root: Path, name: str) -> bool:
    return not inside(root, name).exists()


def _remove(names: tuple[str, ...], root: Path, done: list[str]) -> None:
    for name in names:
        done.append(name)
        inside(root, name).unlink()


def _restore(names: list[str], root: Path, old: Path) -> None:
    for name in reversed(names):
        if (old / name).exists():
            (old / name).replace(inside(root, name))
        elif inside(root, name).exists():
            inside(root, name).unlink()


def _remove_leftovers(root: Path) -> None:
    """Remove the staging folders of runs that were killed; the lock says that none is running."""
    for folder in inside(root, STATE_FOLDER).glob("staging-*"):
        shutil.rmtree(folder)


def _make_folder(folder: Path, created: list[Path]) -> None:
    """Make the folder and those over it; note the ones that were not there, outermost first."""
    missing = list(takewhile(lambda one: not one.exists(), (folder, *folder.parents)))
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
