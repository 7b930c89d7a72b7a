"""Models served by KServe."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from runtime.platforms.base import BasePlatform
from runtime.platforms.errors import StartupTimeoutError, WorkloadNotFoundError
from runtime.platforms.inference.client import InferenceClient
from runtime.platforms.kserve.manifest import GROUP, inference_service
from runtime.platforms.kserve.services import InferenceServices, status_of
from runtime.platforms.kserve.settings import KServeSettings
from runtime.platforms.kubernetes.cluster import Cluster
from runtime.platforms.kubernetes.job import PodJob
from runtime.platforms.kubernetes.logs import read_all
from runtime.platforms.kubernetes.pods import Pods
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

    from runtime.config import PlatformConfig, RuntimeConfig

logger = logging.getLogger(__name__)

SERVICE, ACTIVE = "dag2zen/service", "dag2zen/active"
Address = tuple[str, str, dict[str, str]]
"""Where a model is asked for, its name there, and the headers that lead to it."""
COLOURS = ("blue", "green")


class KServePlatform(BasePlatform):
    """Models as InferenceServices; containers run as pods of the same cluster."""

    name = "kserve"

    def __init__(self, settings: KServeSettings) -> None:
        """Connect when the cluster is first needed."""
        self._settings = settings
        self._cluster = Cluster(settings)
        self._services = InferenceServices(self._cluster, settings.namespace)
        self._known: dict[str, tuple[KServeSettings, Address]] = {}

    @classmethod
    def from_config(cls, platform: PlatformConfig, runtime: RuntimeConfig) -> Self:
        """Take `platform.config`, which `KServeSettings` describes; see `BasePlatform`."""
        return cls(read_settings(KServeSettings, cls.name, platform.config))

    def run_job(self, spec: ContainerSpec, identity: JobIdentity | None = None) -> ContainerResult:
        """Run a pod, as the platform `kubernetes` does; see `BasePlatform`."""
        return PodJob(self._cluster, spec, identity, self._settings).run()

    def deploy(self, service: ModelService) -> WorkloadStatus:
        """Deploy an InferenceService and wait until it is ready; see `BasePlatform`.

        With `blue_green`, the version before serves until the new one is ready; where that fails,
        it goes on serving.
        """
        self._known.pop(service.name, None)
        if not self._settings.blue_green:
            manifest = inference_service(service, self._settings, service.name, {})
            self._services.apply(manifest)
            return self._wait(service.name, service)
        before = self._active(service.name)
        colour = COLOURS[0] if before is None or before.endswith(COLOURS[1]) else COLOURS[1]
        name = f"{service.name}-{colour}"
        labels = {SERVICE: service.name, ACTIVE: "false"}
        self._services.apply(inference_service(service, self._settings, name, labels))
        status = self._wait(name, service)
        self._services.label(name, {ACTIVE: "true"})
        if before is not None:
            self._services.label(before, {ACTIVE: "false"})
            if not self._settings.keep_previous:
                self._services.delete(before)
        logger.info("The model %s is served by %s now.", service.name, name)
        return status

    def predict(self, name: str, features: pd.DataFrame) -> npt.NDArray[np.float64]:
        """Predict by the open inference protocol, v2 or v1; see `BasePlatform`."""
        # Found once: batches of one step must not be predicted by two versions.
        settings, address = self._known.get(name) or (self._settings, self._address(name))
        url, model, headers = address
        with InferenceClient(url, model, settings, headers) as client:
            predicted = client.predict(features)
            known = settings.model_copy(update={"protocol": client.protocol})
            self._known[name] = known, address
            return predicted

    def status(self, name: str) -> WorkloadStatus:
        """Give the state of an InferenceService; see `BasePlatform`."""
        return status_of(self._services.read(self._current(name)))

    def logs(self, name: str) -> Iterator[str]:
        """Give what the model servers have printed, pod by pod; see `BasePlatform`."""
        current = self._current(name)
        pods = Pods(self._cluster, self._settings.namespace)
        found = pods.find(f"{GROUP}/inferenceservice={current}")
        if not found:
            raise WorkloadNotFoundError(f"No pod serves the model {name}.")
        for pod in found:
            yield from read_all(pods, str(pod["metadata"]["name"]), "kserve-container")

    def cleanup(self, name: str) -> None:
        """Delete an InferenceService, or both of blue and green; see `BasePlatform`."""
        names = [f"{name}-{colour}" for colour in COLOURS] if self._settings.blue_green else [name]
        for found in names:
            self._services.delete(found)

    def _wait(self, name: str, service: ModelService) -> WorkloadStatus:
        deadline = time.monotonic() + service.timeout_seconds
        while True:
            status = status_of(self._services.read(name))
            if status.state == "ready":
                return status
            if time.monotonic() > deadline:
                raise StartupTimeoutError(
                    f"The InferenceService {name} is not ready within {service.timeout_seconds:g} s "
                    f"({status.message or 'no reason given'}). It is left for you to look at: "
                    "read its log, then deploy again or remove it."
                )
            time.sleep(self._settings.poll_interval_seconds)

    def _active(self, name: str) -> str | None:
        found = self._services.labelled(f"{SERVICE}={name},{ACTIVE}=true")
        names = sorted(str(document["metadata"]["name"]) for document in found)
        return names[-1] if names else None

    def _current(self, name: str) -> str:
        return (self._active(name) or name) if self._settings.blue_green else name

    def _address(self, name: str) -> Address:
        configured = self._settings.url
        if configured is not None and self._settings.config_file is None:
            return configured, name, {}
        current = self._current(name)
        document: Any = self._services.read(current)
        url = (document.get("status") or {}).get("url")
        if not url:
            raise WorkloadNotFoundError(f"The InferenceService {current} has no address yet.")
        if configured is None:
            return str(url), current, {}
        return configured, current, {"Host": urlsplit(str(url)).netloc}
