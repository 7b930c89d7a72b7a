"""The one interface of all platforms."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

from runtime.platforms.errors import UnsupportedOperationError
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

    from runtime.config import PlatformConfig, RuntimeConfig


class BasePlatform:
    """A place where containers run to their end and models are served.

    A platform implements what it can do; the rest raises `UnsupportedOperationError`. Jobs and
    services go by their name on the platform: a pod's, a service's.
    """

    name: ClassVar[str]
    """What `platform.type` calls it."""
    remedy: ClassVar[str] = "Choose another `platform.type` in the configuration."
    """What the error about an operation that the platform lacks advises."""

    @classmethod
    def from_config(cls, platform: PlatformConfig, runtime: RuntimeConfig) -> Self:
        """Make the platform from its section, and the connections of the whole configuration.

        Raises `PlatformConfigError`.
        """
        raise NotImplementedError

    def run_job(self, spec: ContainerSpec, identity: JobIdentity | None = None) -> ContainerResult:
        """Run a container to its end and stream its output to the log.

        With an `identity`, a job that an attempt before left running is taken over where the
        platform can do that. Raises `PlatformError` for a container that cannot be started,
        `TaskTimeoutError` after `spec.timeout_seconds`, when the container has been stopped. A
        non-zero exit code is a result, not an error.
        """
        raise self._cannot("run jobs")

    def deploy(self, service: ModelService) -> WorkloadStatus:
        """Serve a model, wait until it is ready, and give its status. Deploying again updates it.

        Raises `StartupTimeoutError` after `service.timeout_seconds`.
        """
        raise self._cannot("deploy models")

    def predict(self, name: str, features: pd.DataFrame) -> npt.NDArray[np.float64]:
        """Predict each row by the served model `name`: one number a row, in the rows' order.

        Raises `ServedModelError`, and `PlatformConnectionError` where the server is not reached.
        """
        raise self._cannot("predict")

    def status(self, name: str) -> WorkloadStatus:
        """Give the state of a job or a service. Raises `WorkloadNotFoundError`."""
        raise self._cannot("tell the status of a job or service")

    def logs(self, name: str) -> Iterator[str]:
        """Give the lines that a job or a service has printed. Raises `WorkloadNotFoundError`."""
        raise self._cannot("give the log of a job or service")

    def cleanup(self, name: str) -> None:
        """Stop and remove a job or a service; one that is gone already is no error."""
        raise self._cannot("remove a job or service")

    def _cannot(self, what: str) -> UnsupportedOperationError:
        return UnsupportedOperationError(f"The platform {self.name!r} cannot {what}. {self.remedy}")
