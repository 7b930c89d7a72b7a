"""The command line of a container. No value of the environment is part of it: others could read
those of a process's arguments.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from runtime.platforms.errors import PlatformConfigError, UnsupportedOperationError
from runtime.platforms.quantities import quantity
from runtime.platforms.spec import ContainerSpec, JobIdentity

XCOM_FOLDER = "/airflow/xcom"
JOB_LABEL = "dag2zen.job"
# Where a pod runs and who may see it: without a cluster, nothing to decide.
_WITHOUT_MEANING = frozenset(
    {
        "hostAliases",
        "schedulerName",
        "priorityClassName",
        "subdomain",
        "automountServiceAccountToken",
    }
)
# The engine reads these itself, so they cannot be handed over in its own environment.
_ENGINES_OWN = ("PATH", "HOME", "TMPDIR", "USER", "XDG_", "LD_", "DOCKER_", "CONTAINER", "PODMAN_")


def job_label(identity: JobIdentity) -> str:
    """Give the label value by which a later attempt finds the container."""
    parts = [identity.dag_id, identity.task_id, identity.run_id, identity.map_index]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:32]


def run_arguments(spec: ContainerSpec, name: str, identity: JobIdentity | None) -> list[str]:
    """Give the arguments of `run` that make the container, without its variables and its image.

    Raises `UnsupportedOperationError` for what only a cluster can do.
    """
    _refuse_what_needs_a_cluster(spec)
    arguments = ["--name", name]
    labels = {**spec.labels, **({} if identity is None else {JOB_LABEL: job_label(identity)})}
    for key, value in labels.items():
        arguments += ["--label", f"{key}={value}"]
    arguments += limits(spec.resources) + _volumes(spec)
    if spec.working_dir:
        arguments += ["--workdir", spec.working_dir]
    if spec.pod_spec.get("hostNetwork"):
        arguments += ["--network", "host"]
    if spec.image_pull_policy == "Always":
        arguments += ["--pull", "always"]
    if spec.command:
        arguments += ["--entrypoint", spec.command[0]]
    return arguments


def container_arguments(spec: ContainerSpec) -> list[str]:
    """Give what follows the image: the rest of the entry point, and the arguments."""
    return [*spec.command[1:], *spec.arguments]


def job_environment(spec: ContainerSpec) -> dict[str, str]:
    """Give the container's environment, its secrets from ours.

    Raises `UnsupportedOperationError` for a secret that is a file, `PlatformConfigError` for one
    that our environment lacks.
    """
    found = dict(spec.env)
    for secret in spec.secrets:
        name, target = secret.get("secret"), str(secret.get("deploy_target"))
        if secret.get("deploy_type") != "env":
            raise UnsupportedOperationError(
                f"The platform 'podman' cannot mount the secret {name!r} as a file. "
                "Deploy it to the environment (`deploy_type: env`), or run on `kubernetes`."
            )
        if target not in os.environ:
            raise PlatformConfigError(
                f"The secret {name!r} is taken from the environment variable {target}, which is "
                "not set. Set it."
            )
        found[target] = os.environ[target]
    for variable, value in found.items():
        if not variable or "=" in variable or "\0" in variable + value:
            raise PlatformConfigError(f"{variable!r} is no environment variable.")
    return found


def environment_arguments(environment: Mapping[str, str], folder: Path) -> list[str]:
    """Give the arguments that name the variables; those that the engine would take for its own are
    in a file in `folder`, which only we may read. Raises `PlatformConfigError`.
    """
    arguments = []
    for variable in handed_over(environment):
        arguments += ["--env", variable]
    own = {key: value for key, value in environment.items() if _is_engines_own(key)}
    if own:
        if any("\n" in value for value in own.values()):
            raise PlatformConfigError(
                f"None of the variables {', '.join(own)} can have more than one line."
            )
        file = folder / "environment"
        file.touch(mode=0o600)
        file.write_text("".join(f"{key}={value}\n" for key, value in own.items()), "utf-8")
        arguments += ["--env-file", str(file)]
    return arguments


def handed_over(environment: Mapping[str, str]) -> dict[str, str]:
    """Give the variables that the engine hands over from its own environment."""
    return {key: value for key, value in environment.items() if not _is_engines_own(key)}


def _is_engines_own(variable: str) -> bool:
    return variable.startswith(_ENGINES_OWN)


def _refuse_what_needs_a_cluster(spec: ContainerSpec) -> None:
    fields: dict[str, Any] = {
        "env_from": spec.env_from,
        "env_sources": spec.env_sources,
        "pod_template": spec.pod_template,
        "pod_template_file": spec.pod_template_file,
        "full_pod_spec": spec.full_pod_spec,
        "container_spec": spec.container_spec,
        **{
            f"pod_spec.{key}": value
            for key, value in spec.pod_spec.items()
            if key not in (*_WITHOUT_MEANING, "hostNetwork")
        },
    }
    found = [name for name, value in fields.items() if value]
    if found:
        raise UnsupportedOperationError(
            f"The platform 'podman' has nothing for {', '.join(found)} of the container "
            f"{spec.image!r}. Run it on the platform `kubernetes`."
        )
    if not spec.image or spec.image.startswith("-"):
        raise PlatformConfigError(f"{spec.image!r} is no image.")


def limits(resources: Mapping[str, Any]) -> list[str]:
    """Give the arguments that limit a container. Raises `UnsupportedOperationError`."""
    found = resources.get("limits") or {}
    if not isinstance(found, dict):
        raise PlatformConfigError("`resources.limits` is not a mapping.")
    arguments = []
    for key, value in found.items():
        if key == "memory":
            arguments += ["--memory", str(int(quantity(value)))]
        elif key == "cpu":
            arguments += ["--cpus", f"{quantity(value):f}"]
        elif key != "ephemeral-storage":
            raise UnsupportedOperationError(
                f"The platform 'podman' cannot limit {key!r}. Hand devices over by "
                "`platform.config.arguments`, or run on `kubernetes`."
            )
    return arguments


def _volumes(spec: ContainerSpec) -> list[str]:
    volumes = {volume.get("name"): volume for volume in spec.volumes}
    arguments = []
    for mount in spec.volume_mounts:
        volume, target = volumes.get(mount.get("name")) or {}, mount.get("mountPath")
        host = volume.get("hostPath")
        mode = ":ro" if mount.get("readOnly") else ""
        if isinstance(host, dict) and not mount.get("subPath"):
            arguments += ["--volume", f"{host.get('path')}:{target}{mode}"]
        elif "emptyDir" in volume and not mount.get("subPath"):
            arguments += ["--tmpfs", str(target)]
        else:
            raise UnsupportedOperationError(
                f"The platform 'podman' cannot mount the volume {mount.get('name')!r}: only "
                "hostPath and emptyDir. Run it on the platform `kubernetes`."
            )
    return arguments
