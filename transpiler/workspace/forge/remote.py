"""The forge that a git remote lies at."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

ForgeName = Literal["github", "gitlab"]
_SCP = re.compile(r"(?:[^@/:]+@)?(?P<host>[^/:@]+):(?P<path>(?!//).+)")


@dataclass(frozen=True)
class Remote:
    """A repository at a forge."""

    forge: ForgeName
    host: str
    path: str
    """`owner/name`; at GitLab with all groups."""
    api: str
    """Base URL of its API, without a slash at the end."""

    @property
    def page(self) -> str:
        """The repository's page."""
        return f"https://{self.host}/{self.path}"

    @property
    def blob(self) -> str:
        """What stands before the revision in the address of a file."""
        return "/-/blob/" if self.forge == "gitlab" else "/blob/"


def parse_remote(
    url: str, *, forge: ForgeName | None = None, api: str | None = None
) -> Remote | None:
    """The forge of a remote's URL, https, ssh or `git@host:path`; None for a path or another scheme.

    The kind is told by the host's name, and GitHub Enterprise is the default; `GITHUB_API_URL` and
    `CI_API_V4_URL`, which the forges' own runners set, name the API.
    """
    place = _host_and_path(url)
    if place is None:
        return None
    host, path = place
    kind = forge or ("gitlab" if "gitlab" in host.lower() else "github")
    return Remote(kind, host, path, (api or _api(kind, host)).rstrip("/"))


def _host_and_path(url: str) -> tuple[str, str] | None:
    if "://" in url:
        parts = urlsplit(url)
        if parts.scheme not in ("https", "http", "ssh", "git") or not parts.hostname:
            return None
        # The port of ssh says nothing about the page's.
        port = f":{parts.port}" if parts.port and parts.scheme in ("https", "http") else ""
        host, path = parts.hostname + port, parts.path
    elif match := _SCP.fullmatch(url):
        host, path = match["host"], match["path"]
    else:
        return None
    path = path.strip("/").removesuffix(".git")
    return (host, path) if path.count("/") >= 1 else None


def _api(kind: ForgeName, host: str) -> str:
    if kind == "gitlab":
        return os.environ.get("CI_API_V4_URL") or f"https://{host}/api/v4"
    if host == "github.com":
        return "https://api.github.com"
    return os.environ.get("GITHUB_API_URL") or f"https://{host}/api/v3"
