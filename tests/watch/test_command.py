"""One run of `dag2zen watch`, and what ends it before the first."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.watch.test_watch import DAG
from transpiler.cli import app
from transpiler.commands.reading import Reading
from transpiler.commands.watch import _runner, _tell
from transpiler.watch.server import Changes


def test_a_run_writes_and_tells_the_browser(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    dag, out, changes = tmp_path / "a.py", tmp_path / "out", Changes()
    dag.write_text(DAG)
    events = changes.events()
    assert next(events) == b"retry: 1000\n\n"
    run = _runner([dag], out, tmp_path, Reading(), changes)
    run()
    assert next(events) == b"data: changed\n\n"
    assert "echo one" in (out / "pipelines" / "nightly.py").read_text()
    shown = capsys.readouterr()
    assert "nightly -> pipelines/nightly.py" in shown.out
    assert "files written, 0 removed" in shown.err

    (tmp_path / "migration.yaml").write_text("outputt: x\n")
    dag.write_text(DAG.replace("one", "two"))
    run()
    assert "unknown key 'outputt'" in capsys.readouterr().err
    assert "echo one" in (out / "pipelines" / "nightly.py").read_text()

    (tmp_path / "migration.yaml").write_text("")
    run()
    assert "echo two" in (out / "pipelines" / "nightly.py").read_text()


def test_names_of_what_changed(capsys: pytest.CaptureFixture[str]) -> None:
    _tell(["a.py"])
    _tell(["a.py", "b.py", "c.py", "d.py", "e.py"])
    assert capsys.readouterr().err == "\nChanged: a.py\n\nChanged: a.py, b.py, c.py and 2 more\n"


def test_a_path_that_is_not_there(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["watch", str(tmp_path / "none.py"), "--out", str(tmp_path)])
    assert done.exit_code == 2
    assert "does not exist" in done.stderr


def test_a_port_that_is_taken(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(DAG)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        arguments = ["watch", str(tmp_path / "a.py"), "--out", str(tmp_path / "out")]
        done = CliRunner().invoke(
            app, [*arguments, "--project-root", str(tmp_path), "--port", port]
        )
    assert done.exit_code == 2
    assert f"port {port}: " in done.stderr
