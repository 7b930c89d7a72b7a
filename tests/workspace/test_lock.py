"""Two runs at once on one folder."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.workspace.folders import FILES, visible, write
from transpiler.workspace.errors import WorkspaceError
from transpiler.workspace.lock import LOCK, locked

REPOSITORY = Path(__file__).resolve().parents[2]
HOLD = """
import sys
from pathlib import Path
from transpiler.workspace.lock import locked
with locked(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


@contextmanager
def holder(root: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that holds the lock."""
    (root / ".dag2zen").mkdir()
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(root)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=REPOSITORY,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process


def test_the_second_run_says_who_writes(tmp_path: Path) -> None:
    with holder(tmp_path) as process:
        with pytest.raises(WorkspaceError) as caught:
            write(tmp_path, FILES)
        assert re.search(
            rf"another run of dag2zen is writing to this folder \(process {process.pid} on \S+, "
            r"since 20\d\d-\d\d-\d\dT[\d:]+[+-]\d\d:\d\d\). Wait until it has ended",
            str(caught.value),
        )
        assert visible(tmp_path) == {}
        process.communicate()
    assert not (tmp_path / LOCK).exists()
    write(tmp_path, FILES)
    assert len(visible(tmp_path)) == 3


def test_the_lock_of_a_dead_process_is_taken_over(tmp_path: Path) -> None:
    with holder(tmp_path) as process:
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert (tmp_path / LOCK).exists()
    write(tmp_path, FILES)
    assert not (tmp_path / LOCK).exists()


@pytest.mark.parametrize("text", ["", "{}", "no json"])
def test_a_holder_that_has_not_said_who_it_is(tmp_path: Path, text: str) -> None:
    (tmp_path / ".dag2zen").mkdir()
    with locked(tmp_path):
        (tmp_path / LOCK).write_text(text)
        with (
            pytest.raises(WorkspaceError, match="writing to this folder. Wait"),
            locked(tmp_path),
        ):
            raise AssertionError("two hold the lock")


def test_a_lock_file_that_was_removed_meanwhile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The holder removes its file between our opening and our locking it."""
    (tmp_path / ".dag2zen").mkdir()
    opened = os.open
    calls = []

    def slow(path: Path, *rest: int) -> int:
        descriptor = opened(path, *rest)
        calls.append(path)
        if len(calls) == 1:
            path.unlink()
        return descriptor

    monkeypatch.setattr(os, "open", slow)
    with locked(tmp_path):
        assert json.loads((tmp_path / LOCK).read_text())["pid"] == os.getpid()
    assert len(calls) == 2


def test_a_link_in_place_of_the_lock(tmp_path: Path) -> None:
    (tmp_path / ".dag2zen").mkdir()
    (tmp_path / LOCK).symlink_to(tmp_path / "victim")
    with pytest.raises(WorkspaceError, match="symbolic link"):
        write(tmp_path, FILES)
    assert not (tmp_path / "victim").exists()
