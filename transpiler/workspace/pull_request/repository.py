"""The user's git repository: what it has, and calls of git that must succeed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from transpiler.workspace.errors import WorkspaceError
from transpiler.workspace.git import GitMissingError, run_git

_TAIL = 30
_CREDENTIALS = re.compile(r"(\b[a-z][a-z+.-]*://)[^\s/@]+@")
"""In a URL that git names in an error."""


@dataclass(frozen=True)
class Repository:
    """A repository, by its work tree."""

    root: Path

    def git(self, *arguments: str, remedy: str, env: Mapping[str, str] | None = None) -> str:
        """What git prints. Raises WorkspaceError with the end of what it said, and the remedy."""
        done = run_git(arguments, self.root, env=env)
        if done.returncode != 0:
            said = [*done.stderr.splitlines(), *done.stdout.splitlines()][:_TAIL]
            text = "\n".join(line.decode("utf-8", "replace") for line in said).strip()
            text = _CREDENTIALS.sub(r"\1***@", text)
            raise WorkspaceError(self.root, f"git {arguments[0]} failed: {text}", remedy)
        return done.stdout.decode("utf-8", "surrogateescape").strip("\n")

    def ask(self, *arguments: str) -> str | None:
        """What git prints; None where it has no answer."""
        done = run_git(arguments, self.root)
        if done.returncode != 0:
            return None
        return done.stdout.decode("utf-8", "surrogateescape").strip("\n")

    def content(self, name: str) -> bytes | None:
        """The bytes of a file in a commit or in the index; None where it is not there."""
        done = run_git(("cat-file", "blob", name), self.root)
        return done.stdout if done.returncode == 0 else None

    def commit_of(self, name: str) -> str | None:
        """The hash of the commit that a branch, tag or hash names; None where there is none."""
        return self.ask(
            "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}"
        )

    def folder(self) -> Path:
        """The folder that all work trees of the repository share."""
        shared = self.git("rev-parse", "--git-common-dir", remedy="Name a repository with --repo.")
        return self.root / shared


def find_repository(start: Path) -> Repository:
    """The repository that holds the folder. Raises WorkspaceError where there is none, where git is
    missing, and where it has no commit yet.
    """
    if not start.is_dir():
        raise WorkspaceError(start, "is not a folder", "Name the repository with --repo.")
    try:
        top = Repository(start).ask("rev-parse", "--show-toplevel")
    except GitMissingError:
        raise WorkspaceError(
            start, "there is no git on this machine", "Install git, and run again."
        ) from None
    if not top:
        cause = "is not inside the work tree of a git repository"
        raise WorkspaceError(start, cause, "Name the repository with --repo DIR.")
    repository = Repository(Path(top))
    if repository.commit_of("HEAD") is None and not repository.ask("for-each-ref", "--count=1"):
        cause = "the repository has no commit yet, so there is nothing to branch from"
        raise WorkspaceError(repository.root, cause, "Commit the DAG files first.")
    return repository


@dataclass(frozen=True)
class Base:
    """What the pull request is against."""

    branch: str
    """Its name at the forge."""
    commit: str


def find_base(repository: Repository, name: str | None, remote: str) -> Base:
    """The base by name, or the remote's default branch, main or master.

    The remote's state, as far as it was fetched, wins over a local branch of the same name. Raises
    WorkspaceError.
    """
    names = [name] if name else [*_default(repository, remote), "main", "master"]
    for candidate in names:
        for reference in (f"refs/remotes/{remote}/{candidate}", f"refs/heads/{candidate}"):
            commit = repository.commit_of(reference)
            if commit is not None:
                return Base(candidate, commit)
    if name:
        raise WorkspaceError(
            repository.root,
            f"there is no branch {name!r}, here or fetched from {remote}",
            f"Fetch it (git fetch {remote} {name}), or name another one with --base.",
        )
    cause = "neither main nor master is there, and the remote names no default branch"
    raise WorkspaceError(repository.root, cause, "Name the branch to merge into with --base.")


def _default(repository: Repository, remote: str) -> list[str]:
    head = repository.ask("symbolic-ref", "--quiet", f"refs/remotes/{remote}/HEAD")
    return [head.removeprefix(f"refs/remotes/{remote}/")] if head else []
