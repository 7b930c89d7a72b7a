"""A work tree of its own, so that the user's stays as it is."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from transpiler.workspace.pull_request.repository import Repository

PREFIX = "dag2zen-pr-"
"""How the names of the folders begin that hold one."""
NO_HOOKS = ("-c", "core.hooksPath=/dev/null")
"""For steps that are not the user's commits: checking out must not start a build."""
_SKIP_LARGE = {"GIT_LFS_SKIP_SMUDGE": "1"}
_REMEDY = "See `git worktree list`, and `git worktree prune` for one that is gone."


@contextmanager
def worktree(repository: Repository, commit: str) -> Iterator[Repository]:
    """A temporary work tree at the commit, on no branch; it is removed at the end."""
    with tempfile.TemporaryDirectory(prefix=PREFIX) as folder:
        path = Path(folder).resolve() / repository.root.name
        add = ("worktree", "add", "--quiet", "--detach", str(path), commit)
        try:
            repository.git(*NO_HOOKS, *add, remedy=_REMEDY, env=_SKIP_LARGE)
            yield Repository(path)
        finally:
            shutil.rmtree(path, ignore_errors=True)
            repository.ask("worktree", "prune")
