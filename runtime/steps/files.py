# Airflow joins and globs texts, which differs from pathlib in `..`, hidden files and `**`.
# ruff: noqa: PTH113, PTH118, PTH207
"""Airflow's FileSensor as a step."""

from __future__ import annotations

import os
from glob import glob

from zenml import step

from runtime.connections import get_connection
from runtime.context import current_run, task_id
from runtime.dagrun.outcome import airflow_task
from runtime.polling import WEEK_SECONDS, Polling, poll
from runtime.templates import render


@step(enable_cache=False)
@airflow_task(typed=True)
def wait_for_file(
    path: str,
    recursive: bool = False,
    connection: str | None = None,
    poke_interval_seconds: float = 60,
    timeout_seconds: float = WEEK_SECONDS,
    soft_fail: bool = False,
    polling: Polling | None = None,
) -> None:
    """Wait for a file, or for a folder that has a file at any depth.

    `path` is a template and may be a glob, whose `**` goes into folders with `recursive`. It is
    relative to the extra `path` of the connection, or without one to `/`.

    Source: https://airflow.apache.org/docs/apache-airflow-providers-standard/stable/sensors/file.html
    """
    run = current_run()
    base = "/"
    if connection is not None:
        base = str(get_connection(connection, dag_id=run.dag_id).extra_dejson.get("path", ""))
    pattern = os.path.join(base, render(path, run, task_id()))
    poll(
        lambda: any(map(_has_file, glob(pattern, recursive=recursive))),
        poke_interval_seconds=poke_interval_seconds,
        timeout_seconds=timeout_seconds,
        soft_fail=soft_fail,
        polling=polling,
    )


def _has_file(path: str) -> bool:
    return os.path.isfile(path) or any(files for _, _, files in os.walk(path))
