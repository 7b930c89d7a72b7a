"""Containers of podman or Docker on this machine."""

from __future__ import annotations

import logging
import os
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from runtime.exceptions import PlatformError
from runtime.platforms.base import BasePlatform
from runtime.platforms.kubernetes.labels import pod_name
from runtime.platforms.kubernetes.xcom import parse_value
from runtime.platforms.podman.command import (
    JOB_LABEL,
    XCOM_FOLDER,
    container_arguments,
    environment_arguments,
    handed_over,
    job_environment,
    job_label,
    run_arguments,
)
from runtime.platforms.podman.engine import Engine
from runtime.platforms.podman.service import ContainerServers
from runtime.platforms.podman.settings import PodmanSettings
from runtime.platforms.settings import read_settings
from runtime.platforms.spec import (
    ContainerResult,
    ContainerSpec,
    JobIdentity,
    ModelService,
    State,
    WorkloadStatus,
)
from runtime.processes import run_process

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd
    from typing_extensions import Self

    from runtime.config import PlatformConfig, RuntimeConfig

logger = logging.getLogger(__name__)

ENGINE_FAILED = 125
"""Exit code of `run` where the engine itself failed, as for an image that it cannot pull."""
_STATES: Mapping[str, State] = {"running": "running", "created": "pending", "configured": "pending"}


class PodmanPlatform(BasePlatform):
    """Runs containers one by one, with their environment, limits, value and timeout."""

    name = "podman"

    def __init__(self, settings: PodmanSettings) -> None:
        """Find the engine. Raises `PlatformConfigError` where there is none."""
        self._settings = settings
        self._engine = Engine(settings.engine)
        self._servers = ContainerServers(self._engine, settings)

    @classmethod
    def from_config(cls, platform: PlatformConfig, runtime: RuntimeConfig) -> Self:
        """Take `platform.config`, which `PodmanSettings` describes; see `BasePlatform`."""
        return cls(read_settings(PodmanSettings, cls.name, platform.config))

    def run_job(self, spec: ContainerSpec, identity: JobIdentity | None = None) -> ContainerResult:
        """Run a container to its end; see `BasePlatform`.

        One that an attempt before left running is removed first, so that none runs twice.
        """
        name = pod_name(spec.name or "job", random_suffix=spec.random_name_suffix)
        environment = job_environment(spec)
        arguments = run_arguments(spec, name, identity)
        if identity is not None:
            self._remove_earlier(identity)
        with tempfile.TemporaryDirectory(prefix="container-") as folder:
            command = [
                *(self._engine.program, "run", *arguments, *self._settings.own_arguments()),
                *environment_arguments(environment, Path(folder)),
                *self._value_arguments(Path(folder), spec),
                *(spec.image, *container_arguments(spec)),
            ]
            succeeded = False
            try:
                result = run_process(
                    command,
                    env={**os.environ, **handed_over(environment)},
                    cwd=Path(folder),
                    on_line=lambda line: logger.info("%s", line),
                    timeout_seconds=spec.timeout_seconds,
                )
                succeeded = result.exit_code == 0
            except BaseException:
                self._remove(name)
                raise
            if result.exit_code == ENGINE_FAILED:
                self._remove(name)
                raise PlatformError(
                    f"The container {spec.image!r} was not started: {result.last_line[:500]} "
                    "Check the image's name, and that the engine can pull it."
                )
            message = "OOMKilled" if not succeeded and self._out_of_memory(name) else ""
            self._finish(name, spec, succeeded)
            file = Path(folder) / "xcom" / "return.json"
            text = file.read_text(encoding="utf-8") if spec.returns_value and file.is_file() else ""
        return ContainerResult(
            exit_code=result.exit_code,
            last_line=result.last_line,
            message=message,
            value=parse_value(text) if succeeded else None,
        )

    def deploy(self, service: ModelService) -> WorkloadStatus:
        """Start a model server's container and wait until it is ready; see `BasePlatform`.

        The container before is asked until the new one is ready; where that fails, it goes on.
        Not so on the network `host`, where both would want the same port.
        """
        return self._servers.deploy(service)

    def predict(self, name: str, features: pd.DataFrame) -> npt.NDArray[np.float64]:
        """Predict by the open inference protocol; see `BasePlatform`."""
        return self._servers.predict(name, features)

    def status(self, name: str) -> WorkloadStatus:
        """Give the state of a service or of a job's container; see `BasePlatform`."""
        if self._servers.containers(name):
            return self._servers.status(name)
        told = self._engine.ask(
            "inspect", "--format", "{{.State.Status}} {{.State.ExitCode}}", name
        )
        state, _, code = told.strip().partition(" ")
        found = _STATES.get(state) or ("succeeded" if code == "0" else "failed")
        return WorkloadStatus(name=name, state=found, message=f"exit code {code}")

    def logs(self, name: str) -> Iterator[str]:
        """Give what a service or a job's container has printed; see `BasePlatform`."""
        found = self._servers.containers(name)
        yield from self._engine.ask("logs", found[0] if found else name).splitlines()

    def cleanup(self, name: str) -> None:
        """Stop and remove a service, or a job's container; see `BasePlatform`."""
        for found in self._servers.containers(name) or [name]:
            self._remove(found)

    def _remove(self, container: str) -> None:
        self._engine.remove(container, self._settings.stop_seconds)

    def _value_arguments(self, folder: Path, spec: ContainerSpec) -> list[str]:
        if not spec.returns_value:
            return []
        (folder / "xcom").mkdir()
        (folder / "xcom").chmod(0o777)  # The container's user is not ours.
        return ["--volume", f"{folder / 'xcom'}:{XCOM_FOLDER}:Z"]

    def _remove_earlier(self, identity: JobIdentity) -> None:
        label = f"label={JOB_LABEL}={job_label(identity)}"
        kept = self._engine.ask("ps", "--quiet", "--filter", label)
        for found in kept.split():
            logger.warning("The container %s of an earlier attempt is removed.", found)
            self._remove(found)

    def _out_of_memory(self, name: str) -> bool:
        answer = self._engine.call("inspect", "--format", "{{.State.OOMKilled}}", name)
        return answer.stdout.strip() == "true"

    def _finish(self, name: str, spec: ContainerSpec, succeeded: bool) -> None:
        action = spec.on_finish_action
        if action == "delete_pod" or (action == "delete_succeeded_pod" and succeeded):
            self._engine.call("rm", "--force", name)
