"""What is asked of the cluster about InferenceServices."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from runtime.exceptions import PlatformError
from runtime.platforms.errors import WorkloadNotFoundError
from runtime.platforms.kserve.manifest import GROUP, PLURAL, VERSION
from runtime.platforms.kubernetes.cluster import message_of
from runtime.platforms.spec import WorkloadStatus

if TYPE_CHECKING:
    from runtime.platforms.kubernetes.cluster import Cluster

Document = dict[str, Any]


class InferenceServices:
    """InferenceServices of one namespace."""

    def __init__(self, cluster: Cluster, namespace: str) -> None:
        """Keep the cluster and the namespace."""
        self._cluster = cluster
        self._at = (GROUP, VERSION, namespace, PLURAL)

    def apply(self, manifest: Document) -> Document:
        """Create a service, or make an existing one as the manifest says."""
        from kubernetes.client import ApiException

        api, name = self._cluster.custom_objects, manifest["metadata"]["name"]
        found = self.find(name)
        try:
            if found is None:
                create = api.create_namespaced_custom_object
                made: Document = self._cluster.call(f"create {name}", create, *self._at, manifest)
                return made
            version = {"resourceVersion": found["metadata"]["resourceVersion"]}
            body = {**manifest, "metadata": {**manifest["metadata"], **version}}
            replace = api.replace_namespaced_custom_object
            replaced: Document = self._cluster.call(
                f"replace {name}", replace, *self._at, name, body
            )
            return replaced
        except ApiException as error:
            raise PlatformError(
                f"The cluster does not accept the InferenceService {name} ({error.status}): "
                f"{message_of(error)}"
            ) from error

    def find(self, name: str) -> Document | None:
        """Give a service, None where there is none."""
        from kubernetes.client import ApiException

        read = self._cluster.custom_objects.get_namespaced_custom_object
        try:
            found: Document = self._cluster.call(f"read {name}", read, *self._at, name)
        except ApiException as error:
            if error.status == 404:
                return None
            raise
        return found

    def read(self, name: str) -> Document:
        """Give a service. Raises `WorkloadNotFoundError`."""
        found = self.find(name)
        if found is None:
            raise WorkloadNotFoundError(
                f"There is no InferenceService {name} in the namespace {self._at[2]}."
            )
        return found

    def labelled(self, selector: str) -> list[Document]:
        """Give the services with these labels."""
        listing = self._cluster.custom_objects.list_namespaced_custom_object
        found = self._cluster.call("list", listing, *self._at, label_selector=selector)
        return list(found["items"])

    def label(self, name: str, labels: Mapping[str, str]) -> None:
        """Change labels of a service."""
        patch = self._cluster.custom_objects.patch_namespaced_custom_object
        body = {"metadata": {"labels": dict(labels)}}
        self._cluster.call(f"label {name}", patch, *self._at, name, body)

    def delete(self, name: str) -> None:
        """Delete a service; one that is gone is no error."""
        from kubernetes.client import ApiException

        delete = self._cluster.custom_objects.delete_namespaced_custom_object
        try:
            self._cluster.call(f"delete {name}", delete, *self._at, name)
        except ApiException as error:
            if error.status != 404:
                raise


def status_of(document: Mapping[str, Any]) -> WorkloadStatus:
    """Read a service's state: ready only where the status is that of the newest specification."""
    name = str(document["metadata"]["name"])
    status = document.get("status") or {}
    conditions = {found["type"]: found for found in status.get("conditions") or []}
    ready = conditions.get("Ready") or {}
    failure = (status.get("modelStatus") or {}).get("lastFailureInfo") or {}
    message = str(failure.get("message") or ready.get("message") or ready.get("reason") or "")
    observed = status.get("observedGeneration")
    current = observed is None or observed >= document["metadata"].get("generation", 0)
    if ready.get("status") == "True" and current:
        return WorkloadStatus(name=name, state="ready", url=status.get("url"))
    return WorkloadStatus(
        name=name, state="failed" if failure else "pending", message=message, url=status.get("url")
    )
