"""Airflow's DockerOperator as a step."""

from __future__ import annotations

from typing import Any

from zenml import step

from runtime.containers import run_to_end
from runtime.context import current_run, task_id
from runtime.dagrun.outcome import airflow_task
from runtime.docker_values import bytes_of, security_of, variables, volumes_of, words
from runtime.platforms import ContainerSpec
from runtime.templates import render

_TMP = "tmp"


@step(enable_cache=False)
@airflow_task(typed=True)
def run_docker_container(
    image: str,
    command: str | list[str] | None = None,
    environment: dict[str, Any] | None = None,
    private_environment: dict[str, Any] | None = None,
    entrypoint: str | list[str] | None = None,
    name: str | None = None,
    working_dir: str | None = None,
    user: int | str | None = None,
    mounts: list[Any] | None = None,
    mount_tmp_dir: bool = True,
    tmp_dir: str = "/tmp/airflow",
    mem_limit: float | str | None = None,
    cpus: float | None = None,
    network_mode: str | None = None,
    force_pull: bool = False,
    skip_on_exit_code: int | list[int] | None = None,
    timeout_seconds: float | None = None,
) -> Any:
    """Run a container on the configured platform, and return the last line that it printed.

    The arguments are those of DockerOperator; image, command, environment and name are templates.
    `command` is what the image's entry point gets, text is split as a shell does. A folder of its
    own is at `tmp_dir` (`AIRFLOW_TMP_DIR`) unless `mount_tmp_dir` is off. A mount is
    `folder:target[:ro]`, or has `target`, `source`, `type` (`bind` or `tmpfs`) and `read_only`;
    folders are those of the machine that runs the container. Raises `SkipTask` for an exit code in
    `skip_on_exit_code`, `CommandFailedError` for any other one but 0, `PlatformError` for a
    container that cannot run, `TaskTimeoutError` after `timeout_seconds`.

    Source: https://airflow.apache.org/docs/apache-airflow-providers-docker/stable/_api/airflow/providers/docker/operators/docker/index.html
    """
    given = (image, command, environment, name)
    image, command, environment, name = render(given, current_run(), task_id())
    volumes = volumes_of(mounts or [])
    own: dict[str, Any] = {}
    if mount_tmp_dir:
        volumes["volumes"].append({"name": _TMP, "emptyDir": {}})
        volumes["volume_mounts"].append({"name": _TMP, "mountPath": tmp_dir})
        own = {"AIRFLOW_TMP_DIR": tmp_dir}
    spec = ContainerSpec.model_validate(
        {
            "image": image,
            "name": name or task_id(),
            "command": words(entrypoint),
            "arguments": words(command),
            "env": variables(environment, own, private_environment),
            "working_dir": working_dir,
            "resources": _resources(mem_limit, cpus),
            "container_spec": {} if user is None else {"securityContext": security_of(user)},
            "pod_spec": {"hostNetwork": True} if network_mode == "host" else {},
            "image_pull_policy": "Always" if force_pull else None,
            "timeout_seconds": timeout_seconds,
            **volumes,
        }
    )
    return run_to_end(spec, skip_on_exit_code).last_line.strip() or None


def _resources(mem_limit: float | str | None, cpus: float | None) -> dict[str, Any]:
    """Docker's CPUs are a share beside others, which is what Kubernetes makes of a request."""
    memory = {} if mem_limit is None else {"limits": {"memory": bytes_of(mem_limit)}}
    return {**memory, **({} if cpus is None else {"requests": {"cpu": str(cpus)}})}
