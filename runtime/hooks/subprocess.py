"""Airflow's SubprocessHook. Source: `airflow.providers.standard.hooks.subprocess`."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from runtime.airflow_names import BaseHook
from runtime.processes import run_process


class SubprocessResult(NamedTuple):
    """How a command ended, and the last line that it printed."""

    exit_code: int
    output: str


class SubprocessHook(BaseHook):
    """Runs commands."""

    def run_command(
        self,
        command: Sequence[str],
        env: Mapping[str, str] | None = None,
        output_encoding: str = "utf-8",
        cwd: str | None = None,
    ) -> SubprocessResult:
        """Run a command to its end, by default with our environment and in a folder of its own.

        Its output, stdout and stderr, goes to the log. Raises `CommandFailedError` for a program
        that cannot be started; an exit code is a result.
        """
        with tempfile.TemporaryDirectory(prefix="airflowtmp") as folder:
            result = run_process(
                command,
                env=os.environ if env is None else env,
                cwd=Path(cwd or folder),
                on_line=lambda line: self.log.info("%s", line),
                encoding=output_encoding,
            )
        return SubprocessResult(result.exit_code, result.last_line)
