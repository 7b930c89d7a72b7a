"""Shell commands with Airflow's meaning of exit codes, environment and result."""

from __future__ import annotations

import logging
import os
import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from runtime.callables import call_python
from runtime.context import RunContext, current_run, params_of, task_id
from runtime.exceptions import CommandFailedError, SkipTask
from runtime.processes import run_process
from runtime.templates import render
from runtime.templates.objects import TaskInstance

logger = logging.getLogger(__name__)


def run_command(
    command: str,
    *,
    env: Mapping[str, str] | None = None,
    append_env: bool = False,
    cwd: str | None = None,
    output_encoding: str = "utf-8",
    skip_on_exit_code: int | Sequence[int] | None = 99,
    timeout_seconds: float | None = None,
) -> str:
    """Run a rendered command inside of a step, and give the last line that it printed.

    Raises `SkipTask` for an exit code in `skip_on_exit_code`, `CommandFailedError` for any other
    one but 0. See `runtime.steps.run_bash`.
    """
    run, task = current_run(), task_id()
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
    codes = [skip_on_exit_code] if isinstance(skip_on_exit_code, int) else skip_on_exit_code or []
    if result.exit_code in codes:
        raise SkipTask(f"The command ended with exit code {result.exit_code}, which means skip.")
    if result.exit_code != 0:
        raise CommandFailedError(
            f"The command of task {task!r} ended with exit code {result.exit_code}. "
            f"Its last line was: {result.last_line[:500]!r}."
        )
    return result.last_line


def call_bash(
    function: Callable[..., Any],
    *,
    op_args: Sequence[Any] = (),
    op_kwargs: Mapping[str, Any] | None = None,
    params: Mapping[str, Any] | None = None,
    env: Mapping[str, str] | None = None,
    append_env: bool = False,
    cwd: str | None = None,
    output_encoding: str = "utf-8",
    skip_on_exit_code: int | Sequence[int] | None = 99,
) -> str:
    """Call a function as `call_python` does, and run the command that it returns, a template, as
    Airflow's `@task.bash` does.

    Raises `TypeError` where the function gives no text, or an empty one.
    """
    command = call_python(function, op_args=op_args, op_kwargs=op_kwargs, params=params)
    if not isinstance(command, str) or not command.strip():
        text = "The returned value from the TaskFlow callable must be a non-empty string."
        raise TypeError(text)
    run = current_run()
    extra = {"params": params_of(run, params)}
    command, env, cwd = render((command, env, cwd), run, task_id(), extra=extra)
    return run_command(
        command,
        env=env,
        append_env=append_env,
        cwd=cwd,
        output_encoding=output_encoding,
        skip_on_exit_code=skip_on_exit_code,
    )


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
        "AIRFLOW_CTX_TRY_NUMBER": str(TaskInstance(run, task).try_number),
        "AIRFLOW_CTX_DAG_RUN_ID": run.run_id,
    }
