"""Merging three ways with `git merge-file`: last generated, edited by hand, newly generated."""

from __future__ import annotations

import ast
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path

from transpiler.workspace.git import run_git
from transpiler.workspace.newlines import with_newlines_of
from transpiler.workspace.yaml_merge import is_yaml, merged_yaml

LABELS = ("edited", "last generated", "newly generated")
_MARKER = re.compile(rb"^<<<<<<< edited\r?$", re.MULTILINE)
_MOST_CONFLICTS = 127
"""git's exit code is the number of conflicts up to here; errors are above."""


@dataclass(frozen=True)
class Merged:
    """The merged content, and the lines (from 1) at which its conflicts start."""

    content: bytes
    conflicts: tuple[int, ...] = ()


def mergeable(content: bytes) -> bool:
    """Whether an edited file is text that can be merged."""
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return b"\0" not in content


def is_well_formed(name: str, content: bytes) -> bool:
    """Whether Python and YAML can be parsed; other files always can."""
    if name.endswith(".py"):
        try:
            ast.parse(content)
        except (SyntaxError, ValueError):
            return False
    return not name.endswith(".yaml") or is_yaml(content)


def conflict_lines(content: bytes) -> tuple[int, ...]:
    """The lines at which conflicts start that a merge has left."""
    return tuple(content.count(b"\n", 0, m.start()) + 1 for m in _MARKER.finditer(content))


def merge(name: str, *, base: bytes, edited: bytes, generated: bytes) -> Merged:
    """Merge the file `name`; the result has the line endings of the edited one.

    Conflicts are marked as git marks them where it has no settings. Raises GitMissingError.
    """
    base, generated = with_newlines_of(base, edited), with_newlines_of(generated, edited)
    content, clean = merge_file(edited, base, generated)
    if clean:
        return Merged(content)
    if name.endswith(".yaml"):
        settings = merged_yaml(edited, base, generated, merge_file)
        if settings is not None:
            return Merged(settings)
    return Merged(content, conflict_lines(content))


def merge_file(edited: bytes, base: bytes, generated: bytes) -> tuple[bytes, bool]:
    """What git makes of the three, and whether it is without conflict. Raises GitMissingError."""
    with tempfile.TemporaryDirectory(prefix="dag2zen-merge-") as folder:
        names = ("edited", "base", "generated")
        for name, content in zip(names, (edited, base, generated), strict=True):
            (Path(folder) / name).write_bytes(content)
        # git reads `merge.conflictStyle` only inside a repository, so every machine marks alike.
        labels = [part for label in LABELS for part in ("-L", label)]
        done = run_git(
            ["merge-file", "-p", *labels, *names],
            Path(folder),
            env={"GIT_CEILING_DIRECTORIES": folder},
        )
    if not 0 <= done.returncode <= _MOST_CONFLICTS:
        raise RuntimeError(f"git merge-file failed: {done.stderr.decode(errors='replace')}")
    return done.stdout, done.returncode == 0
