"""The section `platform.config` of the platform `kserve`."""

from __future__ import annotations

from typing import Literal

from runtime.platforms.inference.settings import InferenceSettings
from runtime.platforms.kubernetes.settings import KubernetesSettings

KNATIVE = ("Knative", "Serverless")


class KServeSettings(KubernetesSettings, InferenceSettings):
    """Which cluster, how models are deployed there, and how they are asked.

    `url` is the address to ask at, where it is not the one that the InferenceService tells: a
    gateway, or a server without a cluster. With `blue_green`, a new version gets a service of its
    own beside the old one, and takes over when it is ready. `deployment_mode` is KServe's name of
    it: `Knative` and `Standard`, or, before KServe 0.16, `Serverless` and `RawDeployment`.
    """

    deployment_mode: Literal["Knative", "Standard", "Serverless", "RawDeployment"] = "Standard"
    blue_green: bool = False
    keep_previous: bool = False
    url: str | None = None
