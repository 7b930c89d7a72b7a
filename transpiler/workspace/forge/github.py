"""GitHub's REST API, also of GitHub Enterprise.

https://docs.github.com/en/rest/pulls/pulls
"""

from __future__ import annotations

from urllib.parse import quote

from transpiler.workspace.forge.http import Api
from transpiler.workspace.forge.remote import Remote
from transpiler.workspace.forge.request import Opened, PullRequest


def open_at_github(remote: Remote, request: PullRequest, token: str) -> Opened:
    """Open the pull request, or bring title and text of the open one up to date.

    Raises WorkspaceError.
    """
    api = Api(
        remote.api,
        {
            "Authorization": f"Bearer {token}",
            "Accept": "application/vnd.github+json",
            "X-GitHub-Api-Version": "2022-11-28",
        },
    )
    pulls = f"/repos/{quote(remote.path)}/pulls"
    head = quote(f"{remote.path.partition('/')[0]}:{request.branch}", safe="")
    texts = {"title": request.title, "body": request.body}
    found = api.call("GET", f"{pulls}?state=open&head={head}")
    if found:
        changed = api.call("PATCH", f"{pulls}/{found[0]['number']}", texts)
        return Opened(changed["html_url"], created=False)
    fields = {**texts, "head": request.branch, "base": request.base, "draft": request.draft}
    return Opened(api.call("POST", pulls, fields)["html_url"], created=True)
