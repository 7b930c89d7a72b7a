"""An image for podman without a registry: empty folders, into which this machine's programs are mounted."""

from __future__ import annotations

import io
import shutil
import subprocess
import sys
import tarfile
from functools import lru_cache
from pathlib import Path

IMAGE = "localhost/dag2zen-host:1"
REPOSITORY = Path(__file__).parents[2]
_FOLDERS = ("airflow", "bin", "dev", "etc", "lib", "lib64", "proc", "sys", "tmp", "usr")
_MOUNTED = ["/usr", "/lib", "/lib64", "/bin", sys.base_prefix, sys.prefix, str(REPOSITORY)]


def mounts() -> list[str]:
    """Give the arguments of `run` that let the image have this machine's programs, to read only."""
    return [f"--volume={path}:{path}:ro" for path in _MOUNTED if Path(path).exists()]


@lru_cache
def why_not() -> str:
    """Make the image and run it; give what podman says where that fails, and nothing otherwise."""
    podman = shutil.which("podman")
    if podman is None:
        return "podman is not installed"
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w") as tar:
        for folder in _FOLDERS:
            entry = tarfile.TarInfo(folder)
            entry.type, entry.mode = tarfile.DIRTYPE, 0o755
            tar.addfile(entry)
    commands = [[podman, "import", "-", IMAGE], [podman, "run", "--rm", *mounts(), IMAGE, "true"]]
    for command in commands:
        done = subprocess.run(command, input=archive.getvalue(), capture_output=True)
        if done.returncode != 0:
            return (
                f"podman does not work here: {done.stderr.decode(errors='replace').strip()[-300:]}"
            )
    return ""
