"""Jobs and model servers as processes of this machine, without isolation."""

from __future__ import annotations

import logging
import os
import socket
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from runtime.platforms.base import BasePlatform
from runtime.platforms.errors import (
    PlatformConfigError,
    UnsupportedOperationError,
    WorkloadNotFoundError,
)
from runtime.platforms.inference.client import InferenceClient
from runtime.platforms.inference.readiness import is_ready, wait_until_ready
from runtime.platforms.inference.settings import Protocol
from runtime.platforms.local.images import image_command
from runtime.platforms.local.jobs import inherited_environment, run_command
from runtime.platforms.local.servers import Server, Servers
from runtime.platforms.local.settings import LocalSettings
from runtime.platforms.settings import read_settings
from runtime.platforms.spec import (
    ContainerResult,
    ContainerSpec,
    JobIdentity,
    ModelService,
    WorkloadStatus,
)

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd
    from typing_extensions import Self

    from runtime.config import MlflowConfig, PlatformConfig, RuntimeConfig

logger = logging.getLogger(__name__)

PORT_PLACE = "{port}"


class LocalPlatform(BasePlatform):
    """Runs the command that the configuration gives for an image, as a job or as a model server.

    A `model_uri` is served by MLflow's own server. The server of an `image` speaks the open
    inference protocol, and listens where `{port}` in its arguments, or the variable PORT, says.
    """

    name = "local"

    def __init__(
        self,
        images: Mapping[str, list[str]],
        settings: LocalSettings | None = None,
        mlflow: MlflowConfig | None = None,
    ) -> None:
        """Take the local command of each image, and where MLflow's models are."""
        self._images = images
        self._settings = settings or LocalSettings()
        self._mlflow = mlflow

    @classmethod
    def from_config(cls, platform: PlatformConfig, runtime: RuntimeConfig) -> Self:
        """Take the commands of `platform.images`; see `BasePlatform`."""
        settings = read_settings(LocalSettings, cls.name, platform.config)
        return cls(platform.images, settings, runtime.mlflow)

    def run_job(self, spec: ContainerSpec, identity: JobIdentity | None = None) -> ContainerResult:
        """Run the image's command; see `BasePlatform`."""
        command = image_command(self._images, spec.image, spec.command, spec.arguments)
        return run_command(command, spec)

    def deploy(self, service: ModelService) -> WorkloadStatus:
        """Start a model server and wait until it is ready; see `BasePlatform`.

        The server before is asked until the new one is ready; where that fails, it goes on.
        """
        if service.canary_percent is not None:
            raise UnsupportedOperationError(
                "The platform 'local' cannot divide traffic (`canary_percent`). Use `kserve`."
            )
        servers = self._servers(service.name)
        port = _free_port()
        if service.image is None:
            command, environment = self._mlflow_server(service, port)
            protocol: Protocol = "mlflow"
        else:
            asked = image_command(self._images, service.image, service.command, service.arguments)
            command = [part.replace(PORT_PLACE, str(port)) for part in asked]
            environment = {**inherited_environment(), "PORT": str(port), **_variables(service)}
            protocol = self._settings.protocol
        server = servers.start(command, environment, f"http://127.0.0.1:{port}", protocol)
        try:
            wait_until_ready(
                service.name,
                lambda: self._is_ready(service.name, server),
                server.is_alive,
                server.log,
                service.timeout_seconds,
            )
        except BaseException:
            server.stop()
            raise
        servers.activate(server)
        logger.info("The model %s is served at %s now.", service.name, server.url)
        return WorkloadStatus(name=service.name, state="ready", url=server.url)

    def predict(self, name: str, features: pd.DataFrame) -> npt.NDArray[np.float64]:
        """Predict by the server's own protocol; see `BasePlatform`."""
        server = self._servers(name).active()
        if not server.is_alive():
            raise WorkloadNotFoundError(
                f"The model server {name} has ended; its last lines: {server.log()[-3:]}. "
                "Deploy it again."
            )
        settings = self._settings.model_copy(update={"protocol": server.protocol})
        with InferenceClient(server.url, name, settings, {}) as client:
            return client.predict(features)

    def status(self, name: str) -> WorkloadStatus:
        """Give the state of a model server; see `BasePlatform`."""
        server = self._servers(name).active()
        if not server.is_alive():
            last = (server.log() or [""])[-1]
            return WorkloadStatus(name=name, state="failed", message=last, url=server.url)
        ready = self._is_ready(name, server)
        return WorkloadStatus(name=name, state="ready" if ready else "running", url=server.url)

    def logs(self, name: str) -> Iterator[str]:
        """Give what a model server has printed; see `BasePlatform`."""
        yield from self._servers(name).active().log()

    def cleanup(self, name: str) -> None:
        """End a model server; see `BasePlatform`."""
        self._servers(name).stop_all()

    def _servers(self, name: str) -> Servers:
        configured = self._settings.folder
        return Servers(Path(configured) if configured else _state_folder(), name)

    def _is_ready(self, name: str, server: Server) -> bool:
        return is_ready(server.url, name, server.protocol)

    def _mlflow_server(self, service: ModelService, port: int) -> tuple[list[str], dict[str, str]]:
        if not service.model_uri or service.model_uri.startswith("-"):
            raise PlatformConfigError(
                f"Give the model service {service.name!r} either a `model_uri`, which MLflow's "
                "server loads, or an `image`, which serves by itself."
            )
        command = [sys.executable, "-m", "mlflow", "models", "serve", "--env-manager", "local"]
        command += ["--model-uri", service.model_uri, "--host", "127.0.0.1", "--port", str(port)]
        command += ["--workers", str(max(1, service.min_replicas))]
        programs = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
        environment = {**os.environ, **self._mlflow_variables(), "PATH": programs}
        return command, {**environment, **service.env}

    def _mlflow_variables(self) -> dict[str, str]:
        uris = (
            {}
            if self._mlflow is None
            else {
                "MLFLOW_TRACKING_URI": self._mlflow.tracking_uri,
                "MLFLOW_REGISTRY_URI": self._mlflow.registry_uri,
            }
        )
        return {key: uri for key, uri in uris.items() if uri is not None}


def _variables(service: ModelService) -> dict[str, str]:
    model = {} if service.model_uri is None else {"MODEL_URI": service.model_uri}
    return {**model, **service.env}


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _state_folder() -> Path:
    state = os.environ.get("XDG_STATE_HOME")
    return (Path(state) if state else Path.home() / ".local" / "state") / "dag2zen" / "services"
