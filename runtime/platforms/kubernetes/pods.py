"""What is asked of the cluster about pods."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from runtime.exceptions import PlatformError
from runtime.platforms.errors import PlatformConnectionError, WorkloadNotFoundError
from runtime.platforms.kubernetes.cluster import message_of
from runtime.platforms.kubernetes.labels import CHECKED, REQUEST

if TYPE_CHECKING:
    from runtime.platforms.kubernetes.cluster import Cluster
    from runtime.platforms.kubernetes.template import Manifest

logger = logging.getLogger(__name__)


class Pods:
    """Pods of one namespace, as plain manifests."""

    def __init__(self, cluster: Cluster, namespace: str) -> None:
        """Keep the cluster and the namespace."""
        self.cluster = cluster
        self.namespace = namespace

    def create(self, manifest: Manifest) -> Manifest:
        """Create a pod.

        An answer that was lost makes a second request for the same name, so a pod of that name
        that bears our request's mark is the one asked for. Raises `PlatformError` for a pod that the cluster
        refuses, and for a name that is taken.
        """
        from kubernetes.client import ApiException

        core, name = self.cluster.core, manifest["metadata"]["name"]
        try:
            created = self.cluster.call(
                f"create the pod {name}", core.create_namespaced_pod, self.namespace, manifest
            )
        except ApiException as error:
            if error.status != 409:
                raise PlatformError(
                    f"The cluster does not accept the pod {name} ({error.status}): "
                    f"{message_of(error)} Correct what the task says about its pod."
                ) from error
            found = self.read(name)
            if not _same_request(found, manifest):
                raise PlatformError(
                    f"There is a pod {name} already in the namespace {self.namespace}. "
                    "Delete it, or let names have a random suffix."
                ) from error
            return found
        return self._plain(created)

    def read(self, name: str) -> Manifest:
        """Give a pod. Raises `WorkloadNotFoundError`."""
        from kubernetes.client import ApiException

        read = self.cluster.core.read_namespaced_pod
        try:
            return self._plain(
                self.cluster.call(f"read the pod {name}", read, name, self.namespace)
            )
        except ApiException as error:
            if error.status == 404:
                raise WorkloadNotFoundError(
                    f"There is no pod {name} in the namespace {self.namespace}: it was deleted, or "
                    "never made."
                ) from error
            raise self._failed(f"read the pod {name}", error) from error

    def find(self, label_selector: str) -> list[Manifest]:
        """Give the pods with these labels."""
        from kubernetes.client import ApiException

        try:
            found = self.cluster.call(
                "list pods",
                self.cluster.core.list_namespaced_pod,
                self.namespace,
                label_selector=label_selector,
            )
        except ApiException as error:
            raise self._failed("list pods", error) from error
        return [self._plain(item) for item in found.items]

    def mark_checked(self, name: str) -> None:
        """Keep later attempts from taking the pod over; one that is gone needs no mark."""
        from kubernetes.client import ApiException

        body = {"metadata": {"labels": {CHECKED: "True"}}}
        patch = self.cluster.core.patch_namespaced_pod
        try:
            self.cluster.call(f"label the pod {name}", patch, name, self.namespace, body)
        except ApiException as error:
            if error.status != 404:
                raise self._failed(f"label the pod {name}", error) from error

    def delete(self, name: str, grace_seconds: int | None = None) -> None:
        """Delete a pod; one that is gone already is no error."""
        from kubernetes.client import ApiException

        grace = {} if grace_seconds is None else {"grace_period_seconds": grace_seconds}
        delete = self.cluster.core.delete_namespaced_pod
        try:
            self.cluster.call(f"delete the pod {name}", delete, name, self.namespace, **grace)
        except ApiException as error:
            if error.status != 404:
                raise self._failed(f"delete the pod {name}", error) from error

    def events(self, name: str) -> list[str]:
        """Give what the cluster noted about a pod; nothing where we may not read that."""
        from kubernetes.client import ApiException

        selector = f"involvedObject.name={name}"
        listing = self.cluster.core.list_namespaced_event
        try:
            found = self.cluster.call(
                "list events", listing, self.namespace, field_selector=selector
            )
        except (ApiException, PlatformError) as error:
            logger.warning("The events of the pod %s cannot be read: %s", name, error)
            return []
        return [f"{event.reason}: {event.message}" for event in found.items]

    def _plain(self, model: Any) -> Manifest:
        plain: Manifest = self.cluster.api_client.sanitize_for_serialization(model)
        return plain

    def _failed(self, doing: str, error: Any) -> PlatformConnectionError:
        return PlatformConnectionError(
            f"The Kubernetes API could not {doing} ({error.status}): {message_of(error)}"
        )


def _same_request(found: Mapping[str, Any], wanted: Mapping[str, Any]) -> bool:
    annotations = found["metadata"].get("annotations") or {}
    return bool(annotations.get(REQUEST) == wanted["metadata"]["annotations"][REQUEST])
