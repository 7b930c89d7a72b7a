"""Run a container of the task that is running to its end."""

from __future__ import annotations

from collections.abc import Collection

from zenml import get_step_context

from runtime.config import load_config
from runtime.context import current_run, map_index, task_id
from runtime.exceptions import CommandFailedError, SkipTask
from runtime.platforms import ContainerResult, ContainerSpec, JobIdentity, create_platform


def run_to_end(spec: ContainerSpec, skip_codes: int | Collection[int] | None) -> ContainerResult:
    """Run a container on the configured platform, and give how it ended.

    Raises `SkipTask` for one of the exit codes that skip the task, `CommandFailedError` for any
    other one but 0.
    """
    run, task = current_run(), task_id()
    identity = JobIdentity(
        dag_id=run.dag_id,
        task_id=task,
        run_id=run.run_id,
        map_index=map_index(),
        try_number=get_step_context().step_run.version,
    )
    result = create_platform(load_config(run.dag_id)).run_job(spec, identity)
    codes = [skip_codes] if isinstance(skip_codes, int) else skip_codes or ()
    if result.exit_code in codes:
        raise SkipTask(f"The container ended with exit code {result.exit_code}, which means skip.")
    if result.exit_code != 0:
        raise CommandFailedError(
            f"The container {spec.image!r} of task {task!r} ended with exit code "
            f"{result.exit_code}{f' ({result.message})' if result.message else ''}. "
            f"Its last line was: {result.last_line[:500]!r}."
        )
    return result
