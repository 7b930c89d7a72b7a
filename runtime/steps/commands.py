"""Airflow's BashSensor as a step."""

from __future__ import annotations

import logging
import os
import shutil
import tempfile
from pathlib import Path

from zenml import step

from runtime.context import current_run, task_id
from runtime.dagrun.outcome import airflow_task
from runtime.exceptions import FailTask
from runtime.polling import WEEK_SECONDS, Polling, poll
from runtime.processes import run_process
from runtime.templates import render

logger = logging.getLogger(__name__)


@step(enable_cache=False)
@airflow_task(typed=True)
def wait_for_command(
    command: str,
    env: dict[str, str] | None = None,
    output_encoding: str = "utf-8",
    retry_exit_code: int | None = None,
    poke_interval_seconds: float = 60,
    timeout_seconds: float = WEEK_SECONDS,
    soft_fail: bool = False,
    polling: Polling | None = None,
) -> None:
    """Run a shell command until it ends with exit code 0.

    `command` and `env`, which replaces the environment, are templates; the command runs in an
    empty folder of its own. With `retry_exit_code`, any other exit code fails for good.

    Source: https://airflow.apache.org/docs/apache-airflow-providers-standard/stable/sensors/bash.html
    """
    command, env = render((command, env), current_run(), task_id())

    def succeeds() -> bool:
        with tempfile.TemporaryDirectory(prefix="wait-for-command-") as folder:
            result = run_process(
                [shutil.which("bash") or "bash", "-c", command],
                env=dict(os.environ) if env is None else env,
                cwd=Path(folder),
                on_line=lambda line: logger.info("%s", line),
                encoding=output_encoding,
            )
        if result.exit_code == 0:
            return True
        if retry_exit_code is not None and result.exit_code != retry_exit_code:
            raise FailTask(f"The command ended with exit code {result.exit_code}.")
        return False

    poll(
        succeeds,
        poke_interval_seconds=poke_interval_seconds,
        timeout_seconds=timeout_seconds,
        soft_fail=soft_fail,
        polling=polling,
    )
