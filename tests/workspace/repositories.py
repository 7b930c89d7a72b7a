"""Git repositories and a forge of the tests: real git, a real HTTP server on loopback."""

from __future__ import annotations

import json
import os
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

DAG = """\
from datetime import datetime

from airflow import DAG
from airflow.operators.bash import BashOperator

with DAG("nightly", start_date=datetime(2024, 1, 1), schedule="@daily", catchup=False):
    BashOperator(task_id="extract", bash_command="echo one") >> BashOperator(
        task_id="load", bash_command="echo two"
    )
"""


def git(root: Path, *arguments: str) -> str:
    """What git prints. An error ends the test."""
    done = subprocess.run(
        ["git", *arguments], cwd=root, check=True, capture_output=True, text=True, env=environment()
    )
    return done.stdout.strip()


def environment() -> dict[str, str]:
    """Without the settings of whoever runs the tests."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    return {**kept, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}


def make_repository(root: Path, files: dict[str, str], url: str | None = None) -> Path:
    """A repository with one commit on main, and a bare one beside it as its remote.

    With a URL, that is the remote's address, and git goes to the bare one all the same.
    """
    bare = root.with_name(f"{root.name}.git")
    subprocess.run(
        ["git", "init", "-q", "--bare", "-b", "main", str(bare)], check=True, env=environment()
    )
    root.mkdir()
    git(root, "init", "-q", "-b", "main")
    git(root, "config", "user.name", "Ada Example")
    git(root, "config", "user.email", "ada@example.org")
    git(root, "remote", "add", "origin", url or str(bare))
    if url:
        git(root, "config", f"url.{bare}.insteadOf", url)
    commit(root, files, "DAGs")
    git(root, "push", "-q", "origin", "main")
    return root


def commit(root: Path, files: dict[str, str], message: str) -> None:
    """Write the files and commit everything."""
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", message)


def state(root: Path) -> dict[str, str]:
    """What the user sees of the repository: branch, index, work tree, other work trees."""
    return {
        "head": git(root, "rev-parse", "HEAD"),
        "branch": git(root, "branch", "--show-current"),
        "status": git(root, "status", "--porcelain", "--ignored"),
        "worktrees": git(root, "worktree", "list"),
    }


@dataclass
class Forge:
    """Answers by method and path, and the calls that came."""

    url: str = ""
    answers: dict[tuple[str, str], tuple[int, Any]] = field(default_factory=dict)
    calls: list[tuple[str, str, Any, dict[str, str]]] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)


@contextmanager
def forge_server() -> Iterator[Forge]:
    """A forge on loopback. What it has no answer for is 404."""
    forge = Forge()

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            data = json.loads(self.rfile.read(length)) if length else None
            forge.calls.append((self.command, self.path, data, dict(self.headers)))
            missing = (404, {"message": "Not Found"})
            status, body = forge.answers.get((self.command, self.path.partition("?")[0]), missing)
            self.send_response(status)
            for name, value in forge.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body if isinstance(body, bytes) else json.dumps(body).encode())

        do_GET = do_POST = do_PATCH = do_PUT = answer

        def log_message(self, *_: object) -> None:
            """Nothing: the test's output is enough."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    forge.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield forge
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
