"""GitLab's REST API. https://docs.gitlab.com/api/merge_requests/"""

from __future__ import annotations

from urllib.parse import quote

from transpiler.workspace.forge.http import Api
from transpiler.workspace.forge.remote import Remote
from transpiler.workspace.forge.request import Opened, PullRequest


def open_at_gitlab(remote: Remote, request: PullRequest, token: str) -> Opened:
    """Open the merge request, or bring title and text of the open one up to date.

    Raises WorkspaceError.
    """
    api = Api(remote.api, {"PRIVATE-TOKEN": token})
    path = f"/projects/{quote(remote.path, safe='')}/merge_requests"
    # A draft is one by its title.
    title = f"Draft: {request.title}" if request.draft else request.title
    texts = {"title": title, "description": request.body}
    found = api.call("GET", f"{path}?state=opened&source_branch={quote(request.branch, safe='')}")
    if found:
        changed = api.call("PUT", f"{path}/{found[0]['iid']}", texts)
        return Opened(changed["web_url"], created=False)
    fields = {**texts, "source_branch": request.branch, "target_branch": request.base}
    return Opened(api.call("POST", path, fields)["web_url"], created=True)
