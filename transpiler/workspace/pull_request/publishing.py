"""Pushing a branch and opening its pull request."""

from __future__ import annotations

import shlex

from transpiler.workspace.forge.opening import TOKENS, open_request
from transpiler.workspace.forge.remote import Remote
from transpiler.workspace.forge.request import Opened, PullRequest
from transpiler.workspace.pull_request.making import Made
from transpiler.workspace.pull_request.repository import Repository

_PUSH_REMEDY = (
    "Check the network, the remote's URL and your rights; where the remote's branch has commits "
    "that are not here, fetch and merge them. The branch is there: push it by hand, or run again."
)


def publish(
    repository: Repository, name: str, remote: Remote | None, made: Made, *, draft: bool
) -> Opened | None:
    """Push the branch to the remote `name`, and open or bring up to date its pull request.

    None where no forge is known or nothing gives access to it. Raises WorkspaceError.
    """
    branch = made.target.branch
    repository.git("push", "--quiet", name, f"{branch}:{branch}", remedy=_PUSH_REMEDY)
    if remote is None:
        return None
    request = PullRequest(made.title, made.body, branch, made.base, draft)
    return open_request(remote, request, made.body_file)


def next_steps(
    repository: Repository,
    name: str,
    remote: Remote | None,
    made: Made,
    *,
    pushed: bool,
    draft: bool,
) -> list[str]:
    """What the user does by hand, a command or sentence each."""
    branch = shlex.quote(made.target.branch)
    git = f"git -C {shlex.quote(str(repository.root))}"
    steps = [] if pushed else [f"{git} push {name} {branch}"]
    if repository.ask("config", "--get", f"remote.{name}.url") is None:
        steps.insert(0, f"name the repository to push to: {git} remote add {name} URL")
    if remote is None:
        return [*steps, f"open the pull request by hand, with the text in {made.body_file}"]
    if remote.forge == "github":
        options = " --draft" if draft else ""
        body = shlex.quote(str(made.body_file))
        title = shlex.quote(made.title)
        steps.append(
            f"gh pr create --repo {remote.host}/{remote.path} --base {shlex.quote(made.base)} "
            f"--head {branch} --title {title} --body-file {body}{options}"
        )
    tokens = " or ".join(TOKENS[remote.forge])
    return [*steps, f"or have it done: set {tokens}, and run again with --push"]
