"""The branch of a pull request: new, or continued."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from transpiler.workspace.errors import WorkspaceError
from transpiler.workspace.manifest import MANIFEST
from transpiler.workspace.pull_request.repository import Base, Repository
from transpiler.workspace.pull_request.shared_folder import resolve_reports
from transpiler.workspace.pull_request.worktree import NO_HOOKS, PREFIX


def check_name(repository: Repository, branch: str) -> None:
    """Raise WorkspaceError for a name that git refuses."""
    if repository.ask("check-ref-format", "--branch", branch) is None or branch.startswith("-"):
        cause = f"{branch!r} is no valid name of a branch"
        raise WorkspaceError(repository.root, cause, "Name another one with --branch.")


@contextmanager
def on_branch(tree: Repository, branch: str, base: Base, remote: str, out: str) -> Iterator[bool]:
    """Check the branch out in the work tree; whether it was there before.

    A new branch starts at the base; one that is there gets the base merged. After a failure it is
    as it was. Raises WorkspaceError, also for a branch that has no output of this tool in `out`.
    """
    local = tree.commit_of(f"refs/heads/{branch}")
    tip = _newest(tree, branch, local, tree.commit_of(f"refs/remotes/{remote}/{branch}"))
    if local:
        _refuse_checked_out(tree, branch)
    if tip and tree.ask("cat-file", "-e", f"{tip}:{out}/{MANIFEST}") is None:
        raise WorkspaceError(
            tree.root,
            f"the branch {branch} is there already, and holds no output of dag2zen in {out}",
            "Name another one with --branch, or delete it.",
        )
    start = tip or base.commit
    remedy = f"Look at the branch {branch}."
    tree.git(*NO_HOOKS, "checkout", "--quiet", "--no-track", "-B", branch, start, remedy=remedy)
    try:
        if tip:
            _merge_base(tree, branch, base, out)
        yield tip is not None
    except BaseException:
        _leave(tree)
        if local:
            tree.ask("update-ref", f"refs/heads/{branch}", local)
        else:
            tree.ask("branch", "-D", branch)
        raise
    _leave(tree)


def _newest(tree: Repository, branch: str, local: str | None, pushed: str | None) -> str | None:
    """The state that has the other one's commits: yours, or what was fetched from the remote."""
    if local is None or pushed is None or _is_in(tree, pushed, local):
        return local or pushed
    if _is_in(tree, local, pushed):
        return pushed
    raise WorkspaceError(
        tree.root,
        f"the branch {branch} has commits here and others at the remote",
        f"Merge them (git switch {branch}; git pull), and run again.",
    )


def _is_in(tree: Repository, commit: str, other: str) -> bool:
    """Whether a commit is another one, or before it."""
    return tree.ask("merge-base", "--is-ancestor", commit, other) is not None


def _refuse_checked_out(tree: Repository, branch: str) -> None:
    listed = (tree.ask("worktree", "list", "--porcelain") or "").split("\n\n")
    for entry in listed:
        lines = entry.splitlines()
        if f"branch refs/heads/{branch}" in lines:
            where = Path(lines[0].removeprefix("worktree "))
            if where.parent.name.startswith(PREFIX):
                raise WorkspaceError(
                    tree.root,
                    f"another run of `dag2zen pr` is making the branch {branch}",
                    "Wait until it has ended. After one that was killed: "
                    f"git worktree remove --force {shlex.quote(str(where))}",
                )
            cause = f"the branch {branch} is checked out there"
            raise WorkspaceError(where, cause, "Switch to another branch there, and run again.")


def _merge_base(tree: Repository, branch: str, base: Base, out: str) -> None:
    if _is_in(tree, base.commit, "HEAD"):
        return
    message = f"Merge {base.branch} into {branch}"
    merged = tree.ask(*NO_HOOKS, "merge", "--quiet", "--no-edit", "-m", message, base.commit)
    if merged is None and resolve_reports(tree, out):
        merged = tree.ask(*NO_HOOKS, "commit", "--quiet", "--no-edit")
    if merged is None:
        tree.ask("merge", "--abort")
        raise WorkspaceError(
            tree.root,
            f"{base.branch} does not merge into {branch} without conflicts",
            f"Merge it by hand (git switch {branch}; git merge {base.branch}), and run again.",
        )


def _leave(tree: Repository) -> None:
    """Back to no branch, with a clean tree. The tree is ours alone, so nothing of the user goes."""
    tree.ask("merge", "--abort")
    tree.ask(*NO_HOOKS, "checkout", "--quiet", "--force", "--detach")
    tree.ask("clean", "-ffdxq")


def refuse_ignored(tree: Repository, out: str) -> None:
    """Raise WorkspaceError where the output would not be committed because git ignores it."""
    for name in (f"{out}/pipelines/x.py", f"{out}/sql/x.sql", f"{out}/{MANIFEST}"):
        rule = tree.ask("check-ignore", "-v", "--no-index", "--", name)
        if rule:
            where = rule.split("\t")[0]
            raise WorkspaceError(
                Path(out), f"git ignores it ({where})", "Change that line, or choose another --out."
            )
