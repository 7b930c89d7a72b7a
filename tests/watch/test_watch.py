"""Watching sources: which changes count, the server of the report, and the command itself."""

from __future__ import annotations

import base64
import hashlib
import http.client
import os
import re
import signal
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from watchfiles import Change

from transpiler.watch.loop import SourceFilter, run_for_each
from transpiler.watch.server import Changes, serving

PAGE = (
    '<html><head><meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
    "script-src 'sha256-abc'\"></head><body>report</body></html>"
)
DAG = """\
from datetime import datetime
from airflow import DAG
from airflow.operators.bash import BashOperator

with DAG("nightly", start_date=datetime(2024, 1, 1), schedule="@daily", catchup=False):
    BashOperator(task_id="load", bash_command="echo one")
"""


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("dags/a.py", True),
        ("sql/a.sql", True),
        ("migration.yaml", True),
        ("notes.log", False),
        ("out/pipelines/a.py", False),
        (".git/a.py", False),
        ("node_modules/a.py", False),
    ],
)
def test_which_changes_count(tmp_path: Path, name: str, wanted: bool) -> None:
    chosen = SourceFilter(tmp_path / "out")
    assert chosen(Change.modified, str(tmp_path / name)) is wanted


def test_a_run_for_each_batch() -> None:
    log: list[object] = []
    run_for_each([["a.py"], ["b.py", "c.py"]], lambda: log.append("run"), log.append)
    assert log == [["a.py"], "run", ["b.py", "c.py"], "run"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "migration.html").write_text(PAGE)
    (tmp_path / "migration").mkdir()
    (tmp_path / "migration" / "été 1.html").write_text(PAGE)
    (tmp_path / "migration.json").write_text("{}")
    return tmp_path


def test_pages_are_served_with_the_lines_that_refresh_them(folder: Path) -> None:
    with serving(folder, 0, Changes()) as address:
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+/migration\.html", address)
        text = urllib.request.urlopen(address).read().decode()
        other = address.replace("migration.html", "migration/%C3%A9t%C3%A9%201.html")
        assert urllib.request.urlopen(other).status == 200
    code = re.search(r"<script>(.*)</script></body>", text)
    assert code is not None and "EventSource" in code[1]
    digest = base64.b64encode(hashlib.sha256(code[1].encode()).digest()).decode()
    assert f"connect-src 'self'; script-src 'sha256-{digest}' 'sha256-abc'" in text
    assert (folder / "migration.html").read_text() == PAGE


@pytest.mark.parametrize(
    "path", ["/migration.json", "/../a.html", "/none.html", "/%2e%2e/x.html", "/%00.html"]
)
def test_nothing_else_is_served(folder: Path, path: str) -> None:
    (folder.parent / "a.html").write_text("secret")
    with serving(folder, 0, Changes()) as address:
        port = int(address.split(":")[2].split("/")[0])
        connection = http.client.HTTPConnection("127.0.0.1", port)
        connection.request("GET", path)
        assert connection.getresponse().status == 404
        connection.close()


def test_other_host_names_are_refused(folder: Path) -> None:
    with serving(folder, 0, Changes()) as address:
        request = urllib.request.Request(address, headers={"Host": "evil.example:80"})
        with pytest.raises(urllib.error.HTTPError, match="403"):
            urllib.request.urlopen(request)


def test_the_browser_is_told_of_each_run(folder: Path) -> None:
    changes = Changes()
    with serving(folder, 0, changes) as address:
        stream = urllib.request.urlopen(address.replace("migration.html", ".events"))
        assert stream.readline() == b"retry: 1000\n"
        stream.readline()
        threading.Timer(0.05, changes.tell).start()
        assert stream.readline() == b"data: changed\n"
    assert stream.read() in (b"\n", b"")


def test_a_port_that_is_taken(folder: Path) -> None:
    with serving(folder, 0, Changes()) as address:
        port = int(address.split(":")[2].split("/")[0])
        with pytest.raises(OSError), serving(folder, port, Changes()):
            pass


@pytest.mark.slow
def test_the_command(tmp_path: Path) -> None:
    """A change, a syntax error, its repair, and Ctrl-C."""
    dag, out = tmp_path / "dags" / "nightly.py", tmp_path / "out"
    dag.parent.mkdir()
    dag.write_text(DAG)
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "transpiler",
            "watch",
            str(dag),
            "--out",
            str(out),
            "--project-root",
            str(tmp_path),
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    assert process.stdout is not None

    def until(text: str) -> None:
        for line in process.stdout or ():
            if text in line:
                return
        raise AssertionError(f"ended before {text!r}")

    def save(text: str) -> None:
        """At once: a file that is seen empty first is a change of its own."""
        new = dag.with_suffix(".new")
        new.write_text(text)
        new.replace(dag)

    try:
        until("Watching")
        assert "echo one" in (out / "pipelines" / "nightly.py").read_text()
        save(DAG.replace("echo one", "echo two"))
        until("Changed: dags/nightly.py")
        until("files written")
        assert "echo two" in (out / "pipelines" / "nightly.py").read_text()
        save(DAG.replace("with DAG(", "with DAG(("))
        until("D2Z101")
        until("files written")
        save(DAG.replace("echo one", "echo three"))
        until("files written")
        assert "echo three" in (out / "pipelines" / "nightly.py").read_text()
        process.send_signal(signal.SIGINT)
        until("Ended.")
        assert process.wait(30) == 0
    finally:
        process.kill()
        process.communicate()
