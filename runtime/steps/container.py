"""Airflow's KubernetesPodOperator as a step."""

from __future__ import annotations

from typing import Any

from zenml import step

from runtime.containers import run_to_end
from runtime.context import current_run
from runtime.context import task_id as current_task_id
from runtime.dagrun.outcome import airflow_task
from runtime.platforms import ContainerSpec
from runtime.templates import render

# What is a template of KubernetesPodOperator; its other arguments are taken as they are written.
_TEMPLATES = (
    "image",
    "command",
    "arguments",
    "annotations",
    "env",
    "env_from",
    "env_sources",
    "labels",
    "namespace",
    "pod_template",
    "pod_template_file",
    "resources",
    "volumes",
    "volume_mounts",
)


@step(enable_cache=False)
@airflow_task(typed=True)
def run_container(
    image: str = "",
    command: list[str] | None = None,
    arguments: list[str] | None = None,
    env: dict[str, str] | None = None,
    env_sources: list[dict[str, Any]] | None = None,
    env_from: list[dict[str, Any]] | None = None,
    secrets: list[dict[str, Any]] | None = None,
    resources: dict[str, Any] | None = None,
    labels: dict[str, str] | None = None,
    annotations: dict[str, str] | None = None,
    namespace: str | None = None,
    name: str | None = None,
    random_name_suffix: bool = True,
    container_name: str | None = None,
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
    pod_spec: dict[str, Any] | None = None,
    container_spec: dict[str, Any] | None = None,
    pod_template: dict[str, Any] | None = None,
    pod_template_file: str | None = None,
    full_pod_spec: dict[str, Any] | None = None,
    log_containers: str | list[str] | None = None,
    reattach: bool = True,
    do_xcom_push: bool = False,
    startup_timeout_seconds: float | None = None,
    termination_grace_seconds: int | None = None,
    on_finish_action: str = "delete_pod",
    timeout_seconds: float | None = None,
    skip_on_exit_code: int | list[int] | None = None,
) -> Any:
    """Run a container on the configured platform; with `do_xcom_push`, return its value.

    The fields are those of `runtime.platforms.ContainerSpec`; what KubernetesPodOperator takes for
    templates are templates. Raises `SkipTask` for an exit code in `skip_on_exit_code`,
    `CommandFailedError` for any other one but 0, `PlatformError` for a container that cannot run,
    `TaskTimeoutError` after `timeout_seconds`.

    Source: https://airflow.apache.org/docs/apache-airflow-providers-cncf-kubernetes/stable/operators.html
    """
    given = {field: value for field, value in locals().items() if value is not None}
    skip_codes = given.pop("skip_on_exit_code", None)
    given["returns_value"] = given.pop("do_xcom_push")
    run, task = current_run(), current_task_id()
    templates = {field: given[field] for field in _TEMPLATES if field in given}
    spec = ContainerSpec.model_validate({"name": task, **given, **render(templates, run, task)})
    return run_to_end(spec, skip_codes).value
