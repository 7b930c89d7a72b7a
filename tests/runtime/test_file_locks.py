"""Locks that end with their process."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from runtime.file_locks import FileLock, is_abandoned
from tests.conftest import REPOSITORY

_HOLD = """
import sys
from pathlib import Path
from runtime.file_locks import FileLock

lock = FileLock(Path(sys.argv[1]))
lock.take()
lock.write("held")
print("held", flush=True)
sys.stdin.read()
"""


def test_a_lock_has_one_holder(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "lock"
    with FileLock(path) as lock:
        assert not FileLock(path).take(wait=False)
        assert not is_abandoned(path)
        lock.write("a long text")
        lock.write("short")
        assert path.read_text() == "short"
    other = FileLock(path)
    assert other.take(wait=False)
    other.release(remove=True)
    assert not path.exists()
    assert not is_abandoned(path)


def test_a_killed_process_has_no_locks(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    process = subprocess.Popen(
        [sys.executable, "-c", _HOLD, str(path)],
        cwd=REPOSITORY,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"held\n"
    assert not is_abandoned(path)
    process.kill()
    process.communicate()
    assert is_abandoned(path)
    assert path.read_text() == "held"
