"""One service: its containers' processes, their state and their output."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from http.client import HTTPConnection, HTTPException
from typing import Any

_INHERITED = ("PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR", "PYTHONPATH", "VIRTUAL_ENV")
_STOP_SECONDS = 5.0
_PROBE_SECONDS = 1.0


class ServiceProcess:
    """The first container of a service, run by the local command of its image."""

    def __init__(
        self,
        specification: Mapping[str, Any],
        images: Mapping[str, Sequence[str]],
        environment: Mapping[str, str],
    ) -> None:
        """Start the process; an image without a command makes a container that stays pending."""
        self._output = tempfile.TemporaryFile()  # noqa: SIM115 - open as long as the service
        self.container = specification["spec"]["containers"][0]
        self.endpoints = specification["spec"].get("endpoints") or []
        command = images.get(str(self.container["image"]))
        self.process: subprocess.Popen[bytes] | None = None
        if command is None:
            return
        own = {str(key): str(value) for key, value in (self.container.get("env") or {}).items()}
        secrets = {
            found["envVarName"]: f"secret of {found['snowflakeSecret']['objectName']}"
            for found in self.container.get("secrets") or []
            if "envVarName" in found
        }
        inherited = {key: os.environ[key] for key in _INHERITED if key in os.environ}
        self.process = subprocess.Popen(
            [
                *(sys.executable if part == "{python}" else part for part in command),
                *(self.container.get("command") or []),
                *(self.container.get("args") or []),
            ],
            env={**inherited, **secrets, **own, **environment},
            stdin=subprocess.DEVNULL,
            stdout=self._output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    @property
    def exit_code(self) -> int | None:
        """The process's exit code, None while it runs."""
        return None if self.process is None else self.process.poll()

    @property
    def status(self) -> tuple[str, str]:
        """Snowflake's status of the container, and its message."""
        if self.process is None:
            return "PENDING", f"Failed to pull image '{self.container['image']}'"
        code = self.exit_code
        if code is None:
            return ("READY", "Running") if self._is_ready() else ("PENDING", "Waiting to be ready")
        return ("DONE", "Completed successfully") if code == 0 else ("FAILED", "Job failed")

    def _is_ready(self) -> bool:
        """Ask what the specification's `readinessProbe` says; a container without one is ready."""
        probe = self.container.get("readinessProbe")
        if not probe:
            return True
        asked = HTTPConnection("127.0.0.1", int(probe["port"]), timeout=_PROBE_SECONDS)
        try:
            asked.request("GET", str(probe["path"]))
            return 200 <= asked.getresponse().status < 400
        except (OSError, HTTPException):
            return False
        finally:
            asked.close()

    def log(self, lines: int) -> str:
        """Give the last lines of the output."""
        data = os.pread(self._output.fileno(), 1 << 27, 0)
        found = data.decode(errors="replace").splitlines()
        return "\n".join(found[-lines:])

    def wait(self) -> None:
        """Wait for the process's end."""
        if self.process is not None:
            self.process.wait()

    def end(self) -> None:
        """End the process and its children."""
        if self.process is not None and self.process.poll() is None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGTERM)
            try:
                self.process.wait(_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait()
        self._output.close()
