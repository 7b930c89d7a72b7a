"""Calling git."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

_OF_A_HOOK = (
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_COMMON_DIR",
    "GIT_PREFIX",
    "GIT_EXTERNAL_DIFF",
    "GIT_PAGER",
)
"""git sets these for a hook and everything that it starts; they would lead to that repository."""


class GitMissingError(Exception):
    """There is no git on this machine."""


def git_environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """This process's environment for a git that talks English, asks nothing and looks around."""
    kept = {name: value for name, value in os.environ.items() if name not in _OF_A_HOOK}
    return {**kept, "LC_ALL": "C", "GIT_TERMINAL_PROMPT": "0", **(extra or {})}


def run_git(
    arguments: Sequence[str], cwd: Path, *, env: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[bytes]:
    """Run git and wait. Raises GitMissingError; an exit code is left to the caller."""
    try:
        return subprocess.run(
            ["git", *arguments],
            cwd=cwd,
            env=git_environment(env),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )
    except FileNotFoundError as error:
        if error.filename == str(cwd):
            raise
        raise GitMissingError from error
