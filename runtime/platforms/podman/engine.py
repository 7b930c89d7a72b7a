"""The container engine's program, and its answers."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping

from runtime.exceptions import PlatformError
from runtime.platforms.errors import PlatformConfigError, WorkloadNotFoundError

ENGINES = ("podman", "docker")


class Engine:
    """podman, Docker, or a program that takes the same arguments."""

    def __init__(self, wanted: str | None) -> None:
        """Find the program. Raises `PlatformConfigError` where there is none."""
        names = [wanted] if wanted else list(ENGINES)
        found = next(filter(None, map(shutil.which, names)), None)
        if found is None:
            raise PlatformConfigError(
                f"There is no program {' or '.join(names)} on the PATH. Install podman, or name "
                "the program by `platform.config.engine`."
            )
        self.program = found

    def ask(self, *arguments: str, environment: Mapping[str, str] | None = None) -> str:
        """Give what the program prints. Raises `WorkloadNotFoundError` and `PlatformError`."""
        answer = self.call(*arguments, environment=environment)
        if answer.returncode == 0:
            return answer.stdout
        text = answer.stderr.strip()
        if "no such" in text.lower():
            raise WorkloadNotFoundError(f"There is no container {arguments[-1]}: {text}")
        raise PlatformError(f"{self.program} {arguments[0]} failed: {text[:500]}")

    def call(
        self, *arguments: str, environment: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run the program to its end, whatever that is; the log of a container is its stdout."""
        return subprocess.run(
            [self.program, *arguments],
            env={**os.environ, **(environment or {})},
            capture_output=True,
            text=True,
            errors="backslashreplace",
            check=False,
        )

    def remove(self, name: str, stop_seconds: int) -> None:
        """Stop and remove a container; one that is gone already is no error."""
        self.call("stop", "--time", str(stop_seconds), name)
        self.call("rm", "--force", name)
