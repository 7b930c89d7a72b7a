"""Airflow's BashOperator as a step."""

from __future__ import annotations

from typing import Any

from zenml import step

from runtime.bash import run_command
from runtime.context import current_run, task_id
from runtime.dagrun.outcome import airflow_task
from runtime.functions import load_function
from runtime.templates import render


@step(enable_cache=False)
@airflow_task(typed=True)
def run_bash(
    command: str,
    env: dict[str, str] | None = None,
    append_env: bool = False,
    cwd: str | None = None,
    output_encoding: str = "utf-8",
    skip_on_exit_code: int | list[int] | None = 99,
    output_processor: str | None = None,
    timeout_seconds: float | None = None,
) -> Any:
    """Run a shell command and return the last line that it printed, or what the function at the
    dotted path `output_processor` makes of it.

    `command`, `env` and `cwd` are templates. `env` replaces the environment, or with `append_env`
    adds to it; without `cwd` the command runs in an empty folder of its own. An exit code in
    `skip_on_exit_code` raises `SkipTask`, any other one but 0 `CommandFailedError`. The command
    and its children are stopped after `timeout_seconds`.

    Source: https://airflow.apache.org/docs/apache-airflow-providers-standard/stable/operators/bash.html
    """
    run, task = current_run(), task_id()
    command, env, cwd = render((command, env, cwd), run, task)
    line = run_command(
        command,
        env=env,
        append_env=append_env,
        cwd=cwd,
        output_encoding=output_encoding,
        skip_on_exit_code=skip_on_exit_code,
        timeout_seconds=timeout_seconds,
    )
    return line if output_processor is None else load_function(output_processor)(line)
