"""InferenceServices, built with the models of KServe's SDK.

https://kserve.github.io/website/docs/reference/crd-api
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from runtime.platforms.errors import PlatformConfigError, UnsupportedOperationError
from runtime.platforms.kserve.settings import KNATIVE, KServeSettings
from runtime.platforms.kubernetes.labels import MANAGED_BY
from runtime.platforms.kubernetes.schema import check_manifest
from runtime.platforms.quantities import quantity

if TYPE_CHECKING:
    from runtime.platforms.spec import ModelService

GROUP, VERSION, PLURAL = "serving.kserve.io", "v1beta1", "inferenceservices"
MODE = f"{GROUP}/deploymentMode"
_NAME = re.compile(r"[a-z]([-a-z0-9]*[a-z0-9])?")


def inference_service(
    service: ModelService, settings: KServeSettings, name: str, labels: dict[str, str]
) -> dict[str, Any]:
    """Make the manifest of an InferenceService.

    Raises `PlatformConfigError` for what the CRD's rules forbid, `UnsupportedOperationError` for a
    canary without Knative. The whole of it is held against the SDK's models, which KServe makes of
    the same definitions as the CRD.
    """
    _check(service, settings, name)
    try:
        import kserve
        from kubernetes import client
    except ImportError as error:
        raise PlatformConfigError(
            "Deploying needs the package kserve. Install it: pip install 'dag2zen[kserve]'."
        ) from error
    predictor: dict[str, Any] = {
        "min_replicas": service.min_replicas,
        "max_replicas": service.max_replicas,
        "service_account_name": service.service_account,
        "canary_traffic_percent": service.canary_percent,
    }
    env = [client.V1EnvVar(name=key, value=value) for key, value in service.env.items()] or None
    resources = service.resources or None
    if service.image is None:
        model = kserve.V1beta1ModelSpec(
            model_format=kserve.V1beta1ModelFormat(name=service.model_format),
            protocol_version="v1" if settings.protocol == "v1" else "v2",
            storage_uri=service.model_uri,
            args=service.arguments or None,
            env=env,
            resources=resources,
        )
        predictor["model"] = _unnamed(model)
    else:
        container = client.V1Container(
            name="kserve-container",
            image=service.image,
            command=service.command or None,
            args=service.arguments or None,
            env=env,
            ports=[client.V1ContainerPort(container_port=service.port, protocol="TCP")],
            resources=resources,
        )
        predictor["containers"] = [container]
    made = kserve.V1beta1InferenceService(
        api_version=f"{GROUP}/{VERSION}",
        kind="InferenceService",
        metadata=client.V1ObjectMeta(
            name=name,
            namespace=settings.namespace,
            labels={**service.labels, **labels, **MANAGED_BY},
            annotations={**service.annotations, MODE: settings.deployment_mode},
        ),
        spec=kserve.V1beta1InferenceServiceSpec(predictor=kserve.V1beta1PredictorSpec(**predictor)),
    )
    manifest: dict[str, Any] = client.ApiClient().sanitize_for_serialization(made)
    check_manifest(manifest, "V1beta1InferenceService", kserve)
    return manifest


def _unnamed(model: Any) -> Any:
    """Take the empty name out that the SDK gives a model: clusters may refuse it."""
    model._name = None
    return model


def _check(service: ModelService, settings: KServeSettings, name: str) -> None:
    if not _NAME.fullmatch(name) or len(name) > 50:
        raise PlatformConfigError(
            f"{name!r} is no name for an InferenceService: lower case letters, digits and dashes, "
            "a letter first, at most 50 characters."
        )
    if (service.image is None) == (service.model_uri is None):
        raise PlatformConfigError(
            f"Give the model service {name!r} either a `model_uri`, which a runtime of KServe "
            "loads, or an `image`, which serves by itself."
        )
    if service.canary_percent is not None and settings.deployment_mode not in KNATIVE:
        raise UnsupportedOperationError(
            "KServe divides traffic only in Knative mode (`canary_percent`). Set "
            "`platform.config.deployment_mode: Knative`, or `blue_green: true`."
        )
    if service.max_replicas is not None and service.max_replicas < service.min_replicas:
        raise PlatformConfigError(f"{name!r} has fewer `max_replicas` than `min_replicas`.")
    if service.min_replicas == 0 and settings.deployment_mode not in KNATIVE:
        raise UnsupportedOperationError("Only Knative mode can go down to 0 replicas.")
    if service.resources:
        check_manifest(service.resources, "V1ResourceRequirements")
        for section in ("requests", "limits"):
            for amount in (service.resources.get(section) or {}).values():  # type: ignore[union-attr]
                quantity(amount)
