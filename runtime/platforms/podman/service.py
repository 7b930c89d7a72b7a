"""Model servers in containers of this machine: made, found again by their label, and asked."""

from __future__ import annotations

import secrets
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from runtime.platforms.errors import (
    PlatformConfigError,
    UnsupportedOperationError,
    WorkloadNotFoundError,
)
from runtime.platforms.inference.client import InferenceClient
from runtime.platforms.inference.readiness import is_ready, wait_until_ready
from runtime.platforms.podman.command import environment_arguments, handed_over, limits
from runtime.platforms.podman.engine import Engine
from runtime.platforms.podman.settings import PodmanSettings
from runtime.platforms.spec import ModelService, WorkloadStatus

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd

SERVICE_LABEL = "dag2zen.service"
PORT_LABEL = "dag2zen.port"


class ContainerServers:
    """The model servers of one engine."""

    def __init__(self, engine: Engine, settings: PodmanSettings) -> None:
        """Keep the engine."""
        self._engine = engine
        self._settings = settings

    def deploy(self, service: ModelService) -> WorkloadStatus:
        """Start a container, wait until it is ready, and remove those before it.

        On the host's network both would want the same port, so there the old ones go first.
        """
        name = f"{service.name}-{secrets.token_hex(4)}"
        variables = {
            **({"MODEL_URI": service.model_uri} if service.model_uri else {}),
            **service.env,
        }
        with tempfile.TemporaryDirectory(prefix="service-") as folder:
            arguments = [
                *serve_arguments(service, name, self._settings.network),
                *environment_arguments(variables, Path(folder)),
                *self._settings.own_arguments(),
                *(str(service.image), *service.command[1:], *service.arguments),
            ]
            if self._settings.network == "host":
                self._remove_others(service.name, name)
            try:
                self._engine.ask("run", *arguments, environment=handed_over(variables))
                url = self.url(name)
                wait_until_ready(
                    service.name,
                    lambda: is_ready(url, service.name, self._settings.protocol),
                    lambda: self._runs(name),
                    lambda: self._log(name),
                    service.timeout_seconds,
                )
            except BaseException:
                self._engine.remove(name, self._settings.stop_seconds)
                raise
        self._remove_others(service.name, name)
        return WorkloadStatus(name=service.name, state="ready", url=url)

    def predict(self, service: str, features: pd.DataFrame) -> npt.NDArray[np.float64]:
        """Ask the service's container."""
        url = self.url(self.container(service))
        with InferenceClient(url, service, self._settings, {}) as client:
            return client.predict(features)

    def status(self, service: str) -> WorkloadStatus:
        """Tell whether the service's container answers."""
        name = self.container(service)
        if not self._runs(name):
            last = (self._log(name) or [""])[-1]
            return WorkloadStatus(name=service, state="failed", message=last)
        url = self.url(name)
        ready = is_ready(url, service, self._settings.protocol)
        return WorkloadStatus(name=service, state="ready" if ready else "running", url=url)

    def container(self, service: str) -> str:
        """Give the newest container of a service. Raises `WorkloadNotFoundError`."""
        found = self.containers(service)
        if not found:
            raise WorkloadNotFoundError(
                f"There is no container of the service {service}. Deploy it."
            )
        return found[0]

    def containers(self, service: str) -> list[str]:
        """Give the containers of a service, the newest first."""
        label = f"label={SERVICE_LABEL}={service}"
        told = self._engine.ask("ps", "--all", "--filter", label, "--format", "{{.Names}}")
        return told.split()

    def url(self, container: str) -> str:
        """Give the address on loopback at which a container is asked."""
        if self._settings.network == "host":
            form = f'{{{{index .Config.Labels "{PORT_LABEL}"}}}}'
            port = self._engine.ask("inspect", "--format", form, container).strip()
        else:
            told = self._engine.ask("port", container).split()
            port = told[-1].rpartition(":")[2] if told else ""
        if not port.isdigit():
            raise WorkloadNotFoundError(f"The container {container} has no port that is published.")
        return f"http://127.0.0.1:{port}"

    def _remove_others(self, service: str, container: str) -> None:
        for other in self.containers(service):
            if other != container:
                self._engine.remove(other, self._settings.stop_seconds)

    def _runs(self, container: str) -> bool:
        answer = self._engine.call("inspect", "--format", "{{.State.Status}}", container)
        return answer.stdout.strip() in ("running", "created", "configured", "initialized")

    def _log(self, container: str) -> list[str]:
        answer = self._engine.call("logs", container)
        lines = (answer.stdout + answer.stderr).splitlines()
        return [line for line in lines if line.strip()]


def serve_arguments(service: ModelService, name: str, network: str | None) -> list[str]:
    """Give the arguments of `run` that make a model server's container, without its image.

    Its port is published on loopback alone, at a free port of this machine; on the host's own
    network it is where it is. Raises `UnsupportedOperationError` for what one machine cannot do.
    """
    if service.image is None or service.image.startswith("-"):
        raise PlatformConfigError(
            f"The platform 'podman' needs the `image` of the model server {service.name!r}: one "
            "that speaks the open inference protocol."
        )
    if service.canary_percent is not None:
        raise UnsupportedOperationError(
            "The platform 'podman' cannot divide traffic (`canary_percent`). Use `kserve`."
        )
    labels = {**service.labels, SERVICE_LABEL: service.name, PORT_LABEL: str(service.port)}
    arguments = ["--detach", "--name", name]
    for key, value in labels.items():
        arguments += ["--label", f"{key}={value}"]
    if network != "host":
        arguments += ["--publish", f"127.0.0.1::{service.port}"]
    arguments += limits(service.resources)
    if service.command:
        arguments += ["--entrypoint", service.command[0]]
    return arguments
