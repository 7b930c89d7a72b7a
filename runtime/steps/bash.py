"""Airflow's BashOperator as a step."""

from __future__ import annotations

import logging
import os
import shutil
import tempfile
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path

from zenml import step

from runtime.context import RunContext, current_run, task_id
from runtime.dagrun.outcome import airflow_task
from runtime.exceptions import CommandFailedError, SkipTask
from runtime.processes import run_process
from runtime.templates import render

logger = logging.getLogger(__name__)


@step(enable_cache=False)
@airflow_task(typed=True)
def run_bash(
    command: str,
    env: dict[str, str] | None = None,
    append_env: bool = False,
    cwd: str | None = None,
    output_encoding: str = "utf-8",
    skip_on_exit_code: int | list[int] | None = 99,
    timeout_seconds: float | None = None,
) -> str:
    """Run a shell command and return the last line that it printed.

    `command`, `env` and `cwd` are templates. `env` replaces the environment, or with `append_env`
    adds to it; without `cwd` the command runs in an empty folder of its own. An exit code in
    `skip_on_exit_code` raises `SkipTask`, any other one but 0 `CommandFailedError`. The command
    and its children are stopped after `timeout_seconds`.

    Source: https://airflow.apache.org/docs/apache-airflow-providers-standard/stable/operators/bash.html
    """
    run, task = current_run(), task_id()
    command, env, cwd = render((command, env, cwd), run, task)
    with ExitStack() as stack:
        result = run_process(
            [shutil.which("bash") or "bash", "-c", command],
            env=_environment(env, append_env, run, task),
            cwd=(
                _existing_folder(cwd)
                if cwd is not None
                else Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="run-bash-")))
            ),
            on_line=lambda line: logger.info("%s", line),
            encoding=output_encoding,
            timeout_seconds=timeout_seconds,
        )
    skip_codes = skip_on_exit_code if isinstance(skip_on_exit_code, list) else [skip_on_exit_code]
    if result.exit_code in skip_codes:
        raise SkipTask(f"The command ended with exit code {result.exit_code}, which means skip.")
    if result.exit_code != 0:
        raise CommandFailedError(
            f"The command of task {task!r} ended with exit code {result.exit_code}. "
            f"Its last line was: {result.last_line[:500]!r}."
        )
    return result.last_line


def _existing_folder(cwd: str) -> Path:
    folder = Path(cwd)
    if not folder.is_dir():
        raise CommandFailedError(f"The working directory {cwd!r} is not a folder. Create it first.")
    return folder


def _environment(
    env: Mapping[str, str] | None, append_env: bool, run: RunContext, task: str
) -> dict[str, str]:
    """Compose the environment, with the variables by which Airflow tells a command its context."""
    inherited = dict(os.environ) if env is None or append_env else {}
    return {
        **inherited,
        **(env or {}),
        "AIRFLOW_CTX_DAG_ID": run.dag_id,
        "AIRFLOW_CTX_TASK_ID": task,
        "AIRFLOW_CTX_EXECUTION_DATE": run.logical_date.isoformat(),
        "AIRFLOW_CTX_DAG_RUN_ID": run.run_id,
    }
