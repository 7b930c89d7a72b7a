"""The cluster's API: where it is, and requests that are repeated until they are answered."""

from __future__ import annotations

import json
import logging
import random
import time
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from runtime.exceptions import PlatformError
from runtime.platforms.errors import (
    PlatformConfigError,
    PlatformConnectionError,
    PlatformRefusedError,
)

if TYPE_CHECKING:
    from kubernetes.client import ApiClient, ApiException, CoreV1Api, CustomObjectsApi

    from runtime.platforms.kubernetes.settings import KubernetesSettings

logger = logging.getLogger(__name__)

T = TypeVar("T")

REPEATED_STATUS = frozenset({429, 500, 502, 503, 504})
_IN_CLUSTER = Path("/var/run/secrets/kubernetes.io/serviceaccount/token")
_FIRST_DELAY_SECONDS = 0.2


class Cluster:
    """A connection to a cluster; made when it is first used."""

    def __init__(self, settings: KubernetesSettings) -> None:
        """Keep which cluster is meant."""
        self._settings = settings

    @cached_property
    def api_client(self) -> ApiClient:
        """The official client, with the cluster's address and our credentials.

        Raises `PlatformConfigError` where no cluster is found.
        """
        try:
            from kubernetes import client, config
        except ImportError as error:
            raise PlatformConfigError(
                "The platform needs the package kubernetes. "
                "Install it: pip install 'dag2zen[kubernetes]'."
            ) from error
        settings = self._settings
        configuration = client.Configuration()
        in_cluster = settings.in_cluster
        if in_cluster is None:
            in_cluster = settings.config_file is None and _IN_CLUSTER.exists()
        try:
            if in_cluster:
                config.load_incluster_config(client_configuration=configuration)
            else:
                config.load_kube_config(
                    settings.config_file, settings.context, client_configuration=configuration
                )
        except config.ConfigException as error:
            raise PlatformConfigError(
                f"No Kubernetes cluster is configured: {error} Set `config_file` (and `context`) "
                "or `in_cluster: true` under `platform.config`."
            ) from error
        configuration.retries = False  # Which requests may be repeated is for us to say.
        return client.ApiClient(configuration)

    @cached_property
    def core(self) -> CoreV1Api:
        """The API of pods."""
        from kubernetes import client

        return client.CoreV1Api(self.api_client)

    @cached_property
    def custom_objects(self) -> CustomObjectsApi:
        """The API of custom resources."""
        from kubernetes import client

        return client.CustomObjectsApi(self.api_client)

    def call(self, doing: str, function: Callable[..., T], *args: Any, **kwargs: Any) -> T:
        """Send a request, and again while the API is not reached or overloaded.

        `doing` completes the error's "could not". Raises `PlatformConnectionError` for an API that
        stays away, `PlatformRefusedError` where we have no right, and the client's `ApiException`
        for other refusals.
        """
        import urllib3
        from kubernetes.client import ApiException

        kwargs.setdefault("_request_timeout", self._settings.request_timeout_seconds)
        for attempt in range(1, self._settings.attempts + 1):
            try:
                return function(*args, **kwargs)
            except ApiException as error:
                if error.status in (401, 403):
                    raise refused(doing, error) from error
                if error.status not in REPEATED_STATUS or attempt == self._settings.attempts:
                    raise
                reason = f"status {error.status}"
            except urllib3.exceptions.HTTPError as error:
                if attempt == self._settings.attempts:
                    raise PlatformConnectionError(
                        f"The Kubernetes API could not {doing}: {error}. It was asked {attempt} "
                        "times. Check the network and the cluster's address."
                    ) from error
                reason = str(error)
            delay = _FIRST_DELAY_SECONDS * 2 ** (attempt - 1) * random.uniform(0.8, 1.2)
            logger.warning(
                "The Kubernetes API did not %s (%s); again in %.1f s.", doing, reason, delay
            )
            time.sleep(delay)
        raise AssertionError("not reached")


def refused(doing: str, error: ApiException) -> PlatformError:
    """Make the error for a request that we have no right to, or whose credentials ran out."""
    if error.status == 401:
        return PlatformConnectionError(
            f"The Kubernetes API does not accept the credentials to {doing}: {message_of(error)} "
            "Renew them."
        )
    return PlatformRefusedError(
        f"The Kubernetes API refused to {doing} ({error.status}): {message_of(error)} "
        "Give the service account or user the right by a Role in the namespace."
    )


def message_of(error: ApiException) -> str:
    """Give what the API says about a refusal."""
    try:
        return str(json.loads(error.body or "")["message"])
    except (ValueError, KeyError, TypeError):
        return str(error.reason)
