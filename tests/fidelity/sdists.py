"""Source distributions of Airflow's providers: fetched, checked by hash, their system tests kept."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path

from tests.fidelity.sources import Part, Source
from tests.judge.airflow_env import PROJECT
from transpiler.source.discover import discover

LOCK = PROJECT / "requirements" / "system-tests.txt"


class FetchError(Exception):
    """A distribution could not be fetched, or is not the one that the lock names."""


def system_tests(cache: Path) -> Source:
    """The system tests of the locked distributions, a part for each, below a folder of the cache.

    The folder is named after the lock, so that another lock fetches anew.
    """
    folder = cache / hashlib.sha256(LOCK.read_bytes()).hexdigest()[:16]
    if not (folder / "complete").exists():
        _fetch(folder)
        (folder / "complete").touch()
    roots = sorted(path for path in folder.iterdir() if path.is_dir())
    parts = (Part(_title(root.name), root, tuple(_files(root))) for root in roots)
    named = tuple(part for part in parts if part.files)
    return Source("system-tests", "System tests of Airflow's providers", named, stand_ins=True)


def _files(root: Path) -> Iterator[Path]:
    return discover([root / "tests" / "system"])


def _title(name: str) -> str:
    return name.removeprefix("apache_airflow_providers_").replace("_", "-")


def _fetch(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    print(f"Fetching source distributions into {folder}", file=sys.stderr)
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
    options = ["--no-deps", "--no-binary", ":all:", "--require-hashes", "-r", str(LOCK)]
    done = subprocess.run([*pip, *options, "--dest", str(folder)], check=False)
    if done.returncode != 0:
        raise FetchError(f"pip ended with exit code {done.returncode}; see above")
    for archive in sorted(folder.glob("*.tar.gz")):
        _unpack(archive, folder)
        archive.unlink()


def _unpack(archive: Path, folder: Path) -> None:
    """The system tests alone: regular files, none outside the folder."""
    with tarfile.open(archive) as tar:
        for member in tar:
            parts = Path(member.name).parts
            if parts[1:3] != ("tests", "system") or not member.isfile() or ".." in parts:
                continue
            content = tar.extractfile(member)
            assert content is not None  # it is a file
            target = folder.joinpath(*parts)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content.read())
