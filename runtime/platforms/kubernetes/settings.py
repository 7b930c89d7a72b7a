"""The section `platform.config` of the platform `kubernetes`."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from runtime.platforms.settings import PlatformSettings


class KubernetesSettings(PlatformSettings):
    """Which cluster, and how its pods are made and watched.

    The cluster is that of the pod that we run in (`in_cluster`), or of a kubeconfig file; by
    default whichever is found, the pod's own first. `xcom` says how a container's value is read:
    `sidecar` as in Airflow, through a second container and the right to create `pods/exec`, or
    `termination_message`, which needs neither, and holds 4096 bytes.
    """

    namespace: str = "default"
    in_cluster: bool | None = None
    config_file: str | None = None
    context: str | None = None
    pod_template: dict[str, Any] = Field(default_factory=dict)
    xcom: Literal["sidecar", "termination_message"] = "sidecar"
    xcom_image: str = "alpine"
    xcom_resources: dict[str, Any] = Field(
        default_factory=lambda: {"requests": {"cpu": "1m", "memory": "10Mi"}}
    )
    startup_timeout_seconds: float = Field(default=120, gt=0)
    poll_interval_seconds: float = Field(default=2, gt=0)
    request_timeout_seconds: float = Field(default=30, gt=0)
    log_read_timeout_seconds: float = Field(default=60, gt=0)
    attempts: int = Field(default=5, ge=1)
