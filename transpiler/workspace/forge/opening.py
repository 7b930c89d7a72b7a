"""Opening a pull request with what there is: `gh`, or a token in the environment."""

from __future__ import annotations

import os
from pathlib import Path

from transpiler.workspace.forge.gh import gh_is_ready, open_with_gh
from transpiler.workspace.forge.github import open_at_github
from transpiler.workspace.forge.gitlab import open_at_gitlab
from transpiler.workspace.forge.remote import Remote
from transpiler.workspace.forge.request import Opened, PullRequest

TOKENS = {"github": ("GITHUB_TOKEN", "GH_TOKEN"), "gitlab": ("GITLAB_TOKEN",)}
"""Environment variables that hold a token, by forge; the first that is set counts."""


def open_request(remote: Remote, request: PullRequest, body: Path) -> Opened | None:
    """Open or bring up to date; None where there is neither `gh` nor a token.

    Raises WorkspaceError where the forge refuses.
    """
    if gh_is_ready(remote):
        return open_with_gh(remote, request, body)
    token = next((os.environ[name] for name in TOKENS[remote.forge] if os.environ.get(name)), None)
    if token is None:
        return None
    if remote.forge == "gitlab":
        return open_at_gitlab(remote, request, token)
    return open_at_github(remote, request, token)
