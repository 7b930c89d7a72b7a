"""GitHub's own command line, where it is installed and logged in."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

from transpiler.workspace.errors import WorkspaceError
from transpiler.workspace.forge.remote import Remote
from transpiler.workspace.forge.request import Opened, PullRequest


def gh_is_ready(remote: Remote) -> bool:
    """Whether `gh` is there and logged in at the remote's host."""
    if remote.forge != "github" or shutil.which("gh") is None:
        return False
    return _gh("auth", "status", "--hostname", remote.host).returncode == 0


def open_with_gh(remote: Remote, request: PullRequest, body: Path) -> Opened:
    """Open the pull request, or bring title and text of the open one up to date; `body` is the file
    that holds its text. Raises WorkspaceError.
    """
    repo = ("--repo", f"{remote.host}/{remote.path}")
    texts = ("--title", request.title, "--body-file", str(body))
    found = json.loads(
        _run("pr", "list", *repo, "--head", request.branch, "--state", "open", "--json", "url")
    )
    if found:
        url = str(found[0]["url"])
        _run("pr", "edit", url, *texts)
        return Opened(url, created=False)
    ends = ("--head", request.branch, "--base", request.base)
    draft = ("--draft",) if request.draft else ()
    said = _run("pr", "create", *repo, *texts, *ends, *draft)
    return Opened(said.strip().splitlines()[-1], created=True)


def _run(*arguments: str) -> str:
    done = _gh(*arguments)
    if done.returncode != 0:
        said = done.stderr.strip() or done.stdout.strip()
        command = f"gh {arguments[0]} {arguments[1]}"
        remedy = "The branch is pushed: correct what gh names, and run again."
        raise WorkspaceError(command, f"failed: {said}", remedy)
    return done.stdout


def _gh(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["gh", *arguments],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
