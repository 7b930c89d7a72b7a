"""Containers as pods of a Kubernetes cluster."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from runtime.platforms.base import BasePlatform
from runtime.platforms.errors import WorkloadNotFoundError
from runtime.platforms.kubernetes import state
from runtime.platforms.kubernetes.cluster import Cluster
from runtime.platforms.kubernetes.job import PodJob
from runtime.platforms.kubernetes.logs import read_all
from runtime.platforms.kubernetes.pods import Pods
from runtime.platforms.kubernetes.settings import KubernetesSettings
from runtime.platforms.settings import read_settings
from runtime.platforms.spec import ContainerResult, ContainerSpec, JobIdentity, WorkloadStatus

if TYPE_CHECKING:
    from typing_extensions import Self

    from runtime.config import PlatformConfig, RuntimeConfig


class KubernetesPlatform(BasePlatform):
    """Does what KubernetesPodOperator did: pods with their log, value, timeouts and cleaning up."""

    name = "kubernetes"
    remedy = "Models are served on Kubernetes by `platform.type: kserve`."

    def __init__(self, settings: KubernetesSettings) -> None:
        """Connect when the cluster is first needed."""
        self._settings = settings
        self._cluster = Cluster(settings)

    @classmethod
    def from_config(cls, platform: PlatformConfig, runtime: RuntimeConfig) -> Self:
        """Take `platform.config`, which `KubernetesSettings` describes; see `BasePlatform`."""
        return cls(read_settings(KubernetesSettings, cls.name, platform.config))

    def run_job(self, spec: ContainerSpec, identity: JobIdentity | None = None) -> ContainerResult:
        """Run a pod to its end; see `BasePlatform`. A pod of the same task of the run is taken over.

        Interrupted by a signal or a timeout, it deletes the pod; where the API is lost, the pod
        stays for the next attempt.
        """
        return PodJob(self._cluster, spec, identity, self._settings).run()

    def status(self, name: str) -> WorkloadStatus:
        """Give the state of a pod; see `BasePlatform`."""
        pods, name = self._found(name)
        pod = pods.read(name)
        container = str(pod["spec"]["containers"][0]["name"])
        reason, message = state.waiting_reason(pod)
        told = state.failure(pod, container) or ": ".join(filter(None, (reason, message)))
        found = state.STATES.get(state.phase(pod), "unknown")
        return WorkloadStatus(name=name, state=found, message=told)

    def logs(self, name: str) -> Iterator[str]:
        """Give what a pod's first container has printed; see `BasePlatform`."""
        from kubernetes.client import ApiException

        pods, name = self._found(name)
        container = str(pods.read(name)["spec"]["containers"][0]["name"])
        try:
            yield from read_all(pods, name, container)
        except ApiException as error:
            raise WorkloadNotFoundError(f"The pod {name} has no log: {error.reason}.") from error

    def cleanup(self, name: str) -> None:
        """Delete a pod; see `BasePlatform`."""
        pods, name = self._found(name)
        pods.delete(name)

    def _found(self, name: str) -> tuple[Pods, str]:
        """Take `pod` or `namespace/pod` apart."""
        namespace, _, pod = name.rpartition("/")
        return Pods(self._cluster, namespace or self._settings.namespace), pod
