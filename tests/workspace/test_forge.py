"""Forges: addresses of remotes, their APIs on loopback, and what they refuse."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.workspace.repositories import Forge, forge_server
from transpiler.workspace.errors import WorkspaceError
from transpiler.workspace.forge.gh import gh_is_ready
from transpiler.workspace.forge.opening import open_request
from transpiler.workspace.forge.remote import Remote, parse_remote
from transpiler.workspace.forge.request import Opened, PullRequest

REQUEST = PullRequest("A title", "A body", "dag2zen/a b", "main")
TOKEN = "very-secret"
PULLS = "/repos/acme/dags/pulls"
MERGES = "/projects/acme%2Fdata%2Fdags/merge_requests"


@pytest.fixture(autouse=True)
def no_tokens(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("GITHUB_TOKEN", "GH_TOKEN", "GITLAB_TOKEN", "GITHUB_API_URL", "CI_API_V4_URL"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def forge() -> Iterator[Forge]:
    with forge_server() as server:
        yield server


@pytest.fixture
def github(forge: Forge, monkeypatch: pytest.MonkeyPatch) -> Remote:
    monkeypatch.setenv("GITHUB_TOKEN", TOKEN)
    return Remote("github", "github.example.com", "acme/dags", forge.url)


@pytest.fixture
def gitlab(forge: Forge, monkeypatch: pytest.MonkeyPatch) -> Remote:
    monkeypatch.setenv("GITLAB_TOKEN", TOKEN)
    return Remote("gitlab", "gitlab.example.com", "acme/data/dags", forge.url)


@pytest.mark.parametrize(
    ("url", "forge", "host", "path", "api"),
    [
        ("https://github.com/a/b.git", "github", "github.com", "a/b", "https://api.github.com"),
        ("git@github.com:a/b.git", "github", "github.com", "a/b", "https://api.github.com"),
        (
            "ssh://git@ghe.acme.com:2222/a/b",
            "github",
            "ghe.acme.com",
            "a/b",
            "https://ghe.acme.com/api/v3",
        ),
        (
            "https://token@gitlab.acme.com:8443/a/b/c.git",
            "gitlab",
            "gitlab.acme.com:8443",
            "a/b/c",
            "https://gitlab.acme.com:8443/api/v4",
        ),
    ],
)
def test_addresses(url: str, forge: str, host: str, path: str, api: str) -> None:
    remote = parse_remote(url)
    assert remote is not None
    assert (remote.forge, remote.host, remote.path, remote.api) == (forge, host, path, api)
    assert remote.page == f"https://{host}/{path}"


@pytest.mark.parametrize(
    "url", ["/srv/git/dags.git", "../dags.git", "file:///srv/dags.git", "https://host/only", "x"]
)
def test_addresses_of_no_forge(url: str) -> None:
    assert parse_remote(url) is None


def test_settings_of_addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    remote = parse_remote("https://code.acme.com/a/b", forge="gitlab", api="https://api.acme.com/")
    assert remote is not None
    assert (remote.forge, remote.api, remote.blob) == ("gitlab", "https://api.acme.com", "/-/blob/")
    monkeypatch.setenv("GITHUB_API_URL", "https://ghe/api")
    monkeypatch.setenv("CI_API_V4_URL", "https://gl/api")
    for url, api in (
        ("https://ghe.com/a/b", "https://ghe/api"),
        ("https://gitlab.x/a/b", "https://gl/api"),
    ):
        found = parse_remote(url)
        assert found is not None and found.api == api


def test_without_a_token_nothing_is_opened(forge: Forge, tmp_path: Path) -> None:
    remote = Remote("github", "github.example.com", "acme/dags", forge.url)
    assert open_request(remote, REQUEST, tmp_path / "body.md") is None
    assert forge.calls == []


def test_gitlab(forge: Forge, gitlab: Remote, tmp_path: Path) -> None:
    forge.answers[("GET", MERGES)] = (200, [])
    forge.answers[("POST", MERGES)] = (201, {"web_url": "https://gl/1"})
    draft = PullRequest("A title", "A body", "dag2zen/a b", "main", draft=True)
    assert open_request(gitlab, draft, tmp_path) == Opened("https://gl/1", created=True)
    (_, listed, _, headers), (_, _, data, _) = forge.calls
    assert listed.endswith("?state=opened&source_branch=dag2zen%2Fa%20b")
    assert {name.lower(): value for name, value in headers.items()}["private-token"] == TOKEN
    assert data == {
        "title": "Draft: A title",
        "description": "A body",
        "source_branch": "dag2zen/a b",
        "target_branch": "main",
    }
    forge.answers[("GET", MERGES)] = (200, [{"iid": 3}])
    forge.answers[("PUT", f"{MERGES}/3")] = (200, {"web_url": "https://gl/3"})
    assert open_request(gitlab, REQUEST, tmp_path) == Opened("https://gl/3", created=False)


@pytest.mark.parametrize(
    ("status", "body", "text"),
    [
        (
            401,
            {"message": "Bad credentials"},
            "the token is not valid, or has expired (401: Bad cr",
        ),
        (
            403,
            {"message": "Resource not accessible"},
            "the token has no right to do this (403: Res",
        ),
        (404, {"message": "Not Found"}, "the repository is not there, or the token may not see it"),
        (
            422,
            {"message": "Validation Failed", "errors": [{"message": "No commits between"}, "x"]},
            "the forge refuses it (422: Validation Failed; No commits between; x)",
        ),
        (409, {"message": ["one exists"]}, 'there is one for this branch already (409: ["one'),
        (301, {}, "the repository has moved (301). Set the remote's URL"),
        (500, b"<html>", "the forge failed (500). Run again later."),
        (502, [], "the forge failed (502)."),
        (200, b"<html>", "answered with something else than JSON. Check the API's URL"),
    ],
)
def test_what_a_forge_refuses(
    forge: Forge, github: Remote, tmp_path: Path, status: int, body: Any, text: str
) -> None:
    forge.answers[("GET", PULLS)] = (status, body)
    with pytest.raises(WorkspaceError) as caught:
        open_request(github, REQUEST, tmp_path)
    assert text in str(caught.value)
    assert TOKEN not in str(caught.value)


def test_the_limit_of_calls(forge: Forge, github: Remote, tmp_path: Path) -> None:
    forge.answers[("GET", PULLS)] = (403, {"message": "API rate limit exceeded"})
    forge.headers["x-ratelimit-remaining"] = "0"
    with pytest.raises(WorkspaceError, match="the limit of calls is reached .* in an hour"):
        open_request(github, REQUEST, tmp_path)


def test_a_redirect_does_not_get_the_token(forge: Forge, github: Remote, tmp_path: Path) -> None:
    with forge_server() as other:
        forge.answers[("GET", PULLS)] = (307, {})
        forge.headers["Location"] = f"{other.url}/steal"
        with pytest.raises(WorkspaceError, match="has moved"):
            open_request(github, REQUEST, tmp_path)
        assert other.calls == []


def test_an_answer_that_is_no_http(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("GITHUB_TOKEN", TOKEN)
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(65536)
                connection.sendall(b"hello\r\n")

        thread = threading.Thread(target=answer)
        thread.start()
        port = server.getsockname()[1]
        remote = Remote("github", "h", "acme/dags", f"http://127.0.0.1:{port}")
        with pytest.raises(WorkspaceError, match="cannot be reached: .*hello"):
            open_request(remote, REQUEST, tmp_path)
        thread.join()


def test_no_network(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("GITHUB_TOKEN", TOKEN)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    remote = Remote("github", "h", "acme/dags", f"http://127.0.0.1:{port}")
    with pytest.raises(WorkspaceError, match="cannot be reached: .* The branch is pushed"):
        open_request(remote, REQUEST, tmp_path)


def test_a_token_is_not_sent_in_the_clear(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("GITHUB_TOKEN", TOKEN)
    remote = Remote("github", "h", "acme/dags", "http://forge.example.com")
    with pytest.raises(WorkspaceError, match="is not https, and the token would be readable"):
        open_request(remote, REQUEST, tmp_path)


GH = """\
#!/bin/sh
printf '%s\\n' "$*" >> "{log}"
case "$1 $2" in
  "auth status") exit {status};;
  "pr list") echo '{found}';;
  "pr create") {create};;
esac
"""


def put_gh(folder: Path, monkeypatch: pytest.MonkeyPatch, **parts: object) -> Path:
    """A program named gh that notes how it was called; the real one needs an account."""
    fields = {"status": 0, "found": "[]", "create": "echo https://github.com/acme/dags/pull/1"}
    log = folder / "calls.txt"
    log.touch()
    program = folder / "gh"
    program.write_text(GH.format(log=log, **{**fields, **parts}))
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    return log


def test_gh_goes_first(
    forge: Forge, github: Remote, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = put_gh(tmp_path, monkeypatch)
    draft = PullRequest("A title", "A body", "b", "main", draft=True)
    body = tmp_path / "body.md"
    opened = open_request(github, draft, body)
    assert opened == Opened("https://github.com/acme/dags/pull/1", created=True)
    repo = "--repo github.example.com/acme/dags"
    assert log.read_text().splitlines()[1:] == [
        f"pr list {repo} --head b --state open --json url",
        f"pr create {repo} --title A title --body-file {body} --head b --base main --draft",
    ]
    put_gh(tmp_path, monkeypatch, found='[{"url": "https://x/2"}]')
    assert open_request(github, draft, body) == Opened("https://x/2", created=False)
    assert (
        log.read_text().splitlines()[-1]
        == f"pr edit https://x/2 --title A title --body-file {body}"
    )
    assert forge.calls == []


def test_gh_that_fails_or_is_not_logged_in(
    forge: Forge, github: Remote, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_gh(tmp_path, monkeypatch, create="echo 'no rights' >&2; exit 1")
    with pytest.raises(
        WorkspaceError, match="gh pr create: failed: no rights. The branch is pushed"
    ):
        open_request(github, REQUEST, tmp_path)
    put_gh(tmp_path, monkeypatch, status=1)
    assert not gh_is_ready(github)
    forge.answers[("GET", PULLS)] = (200, [])
    forge.answers[("POST", PULLS)] = (201, {"html_url": "https://x/3"})
    assert open_request(github, REQUEST, tmp_path) == Opened("https://x/3", created=True)
