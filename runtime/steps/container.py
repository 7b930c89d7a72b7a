"""Airflow's KubernetesPodOperator as a step."""

from __future__ import annotations

from typing import Any

from zenml import step

from runtime.config import load_config
from runtime.context import current_run
from runtime.context import task_id as current_task_id
from runtime.dagrun.outcome import airflow_task
from runtime.exceptions import CommandFailedError, SkipTask
from runtime.platforms import ContainerSpec, container_platform
from runtime.templates import render


@step(enable_cache=False)
@airflow_task(typed=True)
def run_container(
    image: str,
    command: list[str] | None = None,
    arguments: list[str] | None = None,
    env: dict[str, str] | None = None,
    env_from: list[dict[str, Any]] | None = None,
    secrets: list[dict[str, Any]] | None = None,
    resources: dict[str, Any] | None = None,
    labels: dict[str, str] | None = None,
    annotations: dict[str, str] | None = None,
    namespace: str | None = None,
    name: str | None = None,
    service_account: str | None = None,
    image_pull_policy: str | None = None,
    image_pull_secrets: list[str] | None = None,
    node_selector: dict[str, str] | None = None,
    tolerations: list[dict[str, Any]] | None = None,
    affinity: dict[str, Any] | None = None,
    volumes: list[dict[str, Any]] | None = None,
    volume_mounts: list[dict[str, Any]] | None = None,
    ports: list[dict[str, Any]] | None = None,
    working_dir: str | None = None,
    do_xcom_push: bool = False,
    startup_timeout_seconds: float | None = None,
    on_finish_action: str = "delete_pod",
    timeout_seconds: float | None = None,
    skip_on_exit_code: int | list[int] | None = None,
) -> Any:
    """Run a container on the configured platform; with `do_xcom_push`, return its value.

    Every text is a template. The fields are those of `runtime.platforms.ContainerSpec`. Raises
    `SkipTask` for an exit code in `skip_on_exit_code`, `CommandFailedError` for any other one but
    0, `PlatformError` for a container that cannot run, `TaskTimeoutError` after `timeout_seconds`.

    Source: https://airflow.apache.org/docs/apache-airflow-providers-cncf-kubernetes/stable/operators.html
    """
    given = {field: value for field, value in locals().items() if value is not None}
    skip_codes = given.pop("skip_on_exit_code", [])
    given["returns_value"] = given.pop("do_xcom_push")
    run, task = current_run(), current_task_id()
    spec = ContainerSpec.model_validate({"name": task, **render(given, run, task)})
    result = container_platform(load_config(run.dag_id).platform).run(spec)
    if result.exit_code in (skip_codes if isinstance(skip_codes, list) else [skip_codes]):
        raise SkipTask(f"The container ended with exit code {result.exit_code}, which means skip.")
    if result.exit_code != 0:
        raise CommandFailedError(
            f"The container {spec.image!r} of task {task!r} ended with exit code "
            f"{result.exit_code}. Its last line was: {result.last_line[:500]!r}."
        )
    return result.value
