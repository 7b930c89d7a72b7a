"""Unpacking source distributions."""

from __future__ import annotations

import hashlib
import io
import tarfile
from pathlib import Path

from tests.fidelity.sdists import LOCK, _unpack, system_tests

DAG = b"from airflow import DAG\n"


def archive(folder: Path, names: list[str]) -> Path:
    path = folder / "provider-1.0.tar.gz"
    with tarfile.open(path, "w:gz") as tar:
        for name in names:
            member = tarfile.TarInfo(name)
            member.size = len(DAG)
            tar.addfile(member, io.BytesIO(DAG))
        link = tarfile.TarInfo("provider-1.0/tests/system/link.py")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        tar.addfile(link)
    return path


def test_system_tests_alone_are_unpacked(tmp_path: Path) -> None:
    inside = ["tests/system/http/example.py", "src/module.py", "tests/unit/test_x.py"]
    names = [f"provider-1.0/{name}" for name in inside]
    names.append("provider-1.0/tests/system/../../../../outside.py")
    target = tmp_path / "cache"
    _unpack(archive(tmp_path, names), target)
    found = [path for path in tmp_path.rglob("*") if path.is_file() and path.suffix == ".py"]
    assert found == [target / names[0]]


def test_a_complete_cache_is_used(tmp_path: Path) -> None:
    folder = tmp_path / hashlib.sha256(LOCK.read_bytes()).hexdigest()[:16]
    for name in ("apache_airflow_providers_http-6.0.0", "apache_airflow_providers_none-1.0.0"):
        (folder / name / "tests" / "system").mkdir(parents=True)
    example = folder / "apache_airflow_providers_http-6.0.0" / "tests" / "system" / "example.py"
    example.write_bytes(DAG)
    (folder / "complete").touch()
    (part,) = system_tests(tmp_path).parts
    assert (part.name, part.files) == ("http-6.0.0", (example,))
