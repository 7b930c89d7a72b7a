"""JSON over HTTPS, with errors that say what to do. A token is sent to its own host alone."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.client import HTTPException
from typing import Any
from urllib.parse import urlsplit

from transpiler.workspace.errors import WorkspaceError

_TIMEOUT_SECONDS = 30
_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_MOVED = ("the repository has moved", "Set the remote's URL to its new address.")
_MEANINGS = {
    301: _MOVED,
    307: _MOVED,
    308: _MOVED,
    401: ("the token is not valid, or has expired", "Make a new token, and set it again."),
    403: (
        "the token has no right to do this",
        "Give it the right to write pull requests (GitHub: scope `repo`, or permission 'Pull "
        "requests: read and write'; GitLab: scope `api`), and authorize it for the organization.",
    ),
    404: (
        "the repository is not there, or the token may not see it",
        "Check the remote's URL and what the token may see.",
    ),
    409: ("there is one for this branch already", "Look at the forge."),
    422: ("the forge refuses it", "Correct what it names."),
}


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirect could lead to another host, which must not get the token."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


@dataclass(frozen=True)
class Api:
    """An API by its base URL; the headers hold the token, which is not shown."""

    base: str
    headers: Mapping[str, str] = field(repr=False)

    def call(self, method: str, path: str, data: Mapping[str, Any] | None = None) -> Any:
        """The JSON of the answer. Raises WorkspaceError."""
        url = f"{self.base}{path}"
        place = urlsplit(url)
        if place.scheme != "https" and place.hostname not in _LOOPBACK:
            raise WorkspaceError(url, "is not https, and the token would be readable", "Use https.")
        body = None if data is None else json.dumps(data).encode()
        headers = {**self.headers, "User-Agent": "dag2zen", "Content-Type": "application/json"}
        request = urllib.request.Request(url, body, headers, method=method)
        opener = urllib.request.build_opener(_NoRedirect)
        try:
            with opener.open(request, timeout=_TIMEOUT_SECONDS) as response:
                return json.load(response)
        except urllib.error.HTTPError as error:
            with error:
                raise _refused(url, error) from None
        except (urllib.error.URLError, HTTPException, TimeoutError, ConnectionError) as error:
            reason = getattr(error, "reason", None) or str(error) or type(error).__name__
            remedy = "The branch is pushed: open the pull request by hand, or run again later."
            raise WorkspaceError(url, f"cannot be reached: {reason}", remedy) from None
        except ValueError:
            cause = "answered with something else than JSON"
            raise WorkspaceError(url, cause, "Check the API's URL (--api-url).") from None


def _refused(url: str, error: urllib.error.HTTPError) -> WorkspaceError:
    cause, remedy = _MEANINGS.get(error.code, ("the forge failed", "Run again later."))
    if error.code == 403 and error.headers.get("x-ratelimit-remaining") == "0":
        cause, remedy = "the limit of calls is reached", "Run again in an hour."
    said = _said(error.read(20_000))
    return WorkspaceError(url, f"{cause} ({error.code}{': ' if said else ''}{said})", remedy)


def _said(body: bytes) -> str:
    """The forge's own words: GitHub's `message` and `errors`, GitLab's `message` or `error`."""
    try:
        answer = json.loads(body)
    except ValueError:
        return ""
    if not isinstance(answer, dict):
        return ""
    parts = [answer.get("message"), answer.get("error"), *_details(answer.get("errors"))]
    texts = [part if isinstance(part, str) else json.dumps(part) for part in parts if part]
    return "; ".join(texts)[:500]


def _details(errors: Any) -> list[Any]:
    if not isinstance(errors, list):
        return []
    return [e.get("message") or e.get("field") if isinstance(e, dict) else e for e in errors]
