"""Runs that end in the middle: killed, a full disk, a folder that cannot be written."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.workspace.folders import codes, content, visible, write
from transpiler.workspace.errors import WorkspaceError
from transpiler.workspace.journal import JOURNAL

REPOSITORY = Path(__file__).resolve().parents[2]
OLD = {"a.py": "a 1\n", "b.py": "b 1\n", "c.py": "c 1\n", "gone.py": "x\n", "stale.py": "y\n"}
NEW = {"a.py": "a 2\n", "b.py": "b 2\n", "c.py": "c 2\n", "d.py": "d 2\n"}
RUN = """
import json, os, signal, sys
from pathlib import Path
from transpiler.workspace.output import Output
from transpiler.workspace.writer import write_project

def before(call, name):
    def wrapped(self, *rest, **options):
        if (rest[0] if rest else self).name == name:
            os.kill(os.getpid(), signal.SIGKILL)
        return call(self, *rest, **options)
    return wrapped

if sys.argv[3]:
    Path.replace = before(Path.replace, sys.argv[3])
    Path.unlink = before(Path.unlink, sys.argv[3])
if sys.argv[4]:
    import atexit, resource
    sys.dont_write_bytecode = True  # or Python leaves halves of bytecode files
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[4]), hard))
    # What measures coverage writes a larger file when the process ends.
    atexit.register(resource.setrlimit, resource.RLIMIT_FSIZE, (soft, hard))
if sys.argv[5]:
    os.chdir(sys.argv[1])
    os.setuid(int(sys.argv[5]))
    sys.argv[1] = "."
try:
    write_project(Path(sys.argv[1]), Output(json.loads(sys.argv[2])))
except Exception as error:
    sys.exit(str(error))
"""


def run_elsewhere(
    root: Path,
    files: dict[str, str],
    *,
    kill_at: str = "",
    limit: str = "",
    user: str = "",
) -> subprocess.CompletedProcess[str]:
    """Write in a process of its own, which kills itself before it touches the file `kill_at`."""
    return subprocess.run(
        [sys.executable, "-c", RUN, str(root), json.dumps(files), kill_at, limit, user],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )


# The order: journal, a to d, then gone and stale are removed, then the manifest.
@pytest.mark.parametrize(
    "kill_at", ["a.py", "c.py", "d.py", "gone.py", "stale.py", "manifest.json", "journal.json"]
)
def test_the_run_after_a_killed_one_makes_it_good(tmp_path: Path, kill_at: str) -> None:
    write(tmp_path, OLD)
    assert run_elsewhere(tmp_path, NEW, kill_at=kill_at).returncode == -signal.SIGKILL
    plan = write(tmp_path, NEW)
    assert plan.findings == []
    assert visible(tmp_path) == {name: text.encode() for name, text in NEW.items()}
    assert not (tmp_path / JOURNAL).exists()
    assert not list((tmp_path / ".dag2zen").glob("staging-*"))
    assert write(tmp_path, NEW).is_empty


def test_after_a_killed_run_other_text_is_no_conflict(tmp_path: Path) -> None:
    """Files that the killed run got to are not taken for edited ones."""
    write(tmp_path, OLD)
    run_elsewhere(tmp_path, NEW, kill_at="stale.py")
    newer = {"a.py": "a 3\n", "b.py": "b 3\n", "gone.py": "x 3\n", "stale.py": "y 3\n"}
    assert write(tmp_path, newer).findings == []
    assert visible(tmp_path) == {name: text.encode() for name, text in newer.items()}


def test_after_a_killed_run_edits_are_still_edits(tmp_path: Path) -> None:
    write(tmp_path, OLD)
    run_elsewhere(tmp_path, NEW, kill_at="c.py")
    (tmp_path / "a.py").write_text("mine\n" + NEW["a.py"])
    (tmp_path / "c.py").write_text("mine\n")
    assert codes(write(tmp_path, NEW)) == [("D2Z510", "c.py", 1)]
    assert (tmp_path / "a.py").read_text() == "mine\n" + NEW["a.py"]


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"manifest": {"version": 2}}'])
def test_a_damaged_journal(tmp_path: Path, text: str) -> None:
    write(tmp_path, OLD)
    (tmp_path / JOURNAL).write_text(text)
    with pytest.raises(WorkspaceError, match="journal of an interrupted run is damaged. Remove"):
        write(tmp_path, NEW)
    (tmp_path / JOURNAL).unlink()
    write(tmp_path, NEW)


def test_a_disk_that_is_full(tmp_path: Path) -> None:
    """The limit on the size of files fails writes as a full disk does: in the middle of them."""
    write(tmp_path, OLD)
    before = content(tmp_path)
    done = run_elsewhere(tmp_path, {**NEW, "d.py": "x" * 50_000}, limit="20000")
    assert done.returncode == 1
    assert "File too large" in done.stderr
    assert content(tmp_path) == before


@pytest.mark.skipif(os.getuid() != 0, reason="mounting a file system needs root")
def test_a_small_disk(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(disk)]
    if subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        pytest.skip("this machine does not let root mount")
    try:
        with pytest.raises(WorkspaceError, match="No space left on device. Free some space"):
            write(disk / "out", {**NEW, "big.py": "x" * 200_000})
        assert list(disk.iterdir()) == []
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    root = tmp_path / "out"
    write(root, OLD)
    folders = [root, *(path for path in root.rglob("*") if path.is_dir())]
    for folder in folders:
        folder.chmod(0o555)
    before = content(root)
    try:
        done = run_elsewhere(root, NEW, user="65534" if os.getuid() == 0 else str(os.getuid()))
    finally:
        for folder in folders:
            folder.chmod(0o755)
    assert done.returncode == 1
    assert "Permission denied. Change the permissions of the folder" in done.stderr
    assert content(root) == before
