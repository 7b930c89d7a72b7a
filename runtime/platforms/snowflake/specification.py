"""Service specifications of Snowpark Container Services.

https://docs.snowflake.com/en/developer-guide/snowpark-container-services/specification-reference
"""

from __future__ import annotations

import json
from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from runtime.platforms.errors import PlatformConfigError, UnsupportedOperationError
from runtime.platforms.snowflake.settings import SnowflakeSettings
from runtime.platforms.spec import ContainerSpec, ModelService

MAIN = "main"
ENDPOINT = "predict"
_WITHOUT_MEANING = frozenset(
    {
        "hostAliases",
        "schedulerName",
        "priorityClassName",
        "subdomain",
        "automountServiceAccountToken",
    }
)


class _Part(BaseModel):
    model_config = ConfigDict(
        extra="forbid", frozen=True, alias_generator=to_camel, populate_by_name=True
    )


class SecretObject(_Part):
    """A secret by its name in Snowflake."""

    object_name: str


class ContainerSecret(_Part):
    """A secret as an environment variable or as files."""

    snowflake_secret: SecretObject
    secret_key_ref: str | None = None
    env_var_name: str | None = None
    directory_path: str | None = None


class VolumeMount(_Part):
    """Where a container sees a volume."""

    name: str
    mount_path: str


class Volume(_Part):
    """A volume: `local`, `memory`, `block`, or a stage."""

    name: str
    source: str
    size: str | None = None


class Probe(_Part):
    """The request that tells whether a container is ready."""

    port: int
    path: str


class Container(_Part):
    """One container."""

    name: str
    image: str
    command: list[str] | None = None
    args: list[str] | None = None
    env: dict[str, str] | None = Field(default=None, repr=False)
    readiness_probe: Probe | None = None
    volume_mounts: list[VolumeMount] | None = None
    resources: dict[str, dict[str, Any]] | None = None
    secrets: list[ContainerSecret] | None = None


class Endpoint(_Part):
    """A port that is reached from outside of the service."""

    name: str
    port: int
    public: bool = False


class Spec(_Part):
    """What a service is made of."""

    containers: list[Container]
    endpoints: list[Endpoint] | None = None
    volumes: list[Volume] | None = None


class Specification(_Part):
    """A whole specification."""

    spec: Spec

    def quoted(self) -> str:
        """Give the specification as SQL between `$$`.

        It is written as JSON, which YAML contains, with every `$` escaped: nothing in it can end
        the quotation.
        """
        document = self.model_dump(mode="json", by_alias=True, exclude_none=True)
        return "$$" + json.dumps(document, indent=1).replace("$", "\\u0024") + "$$"


def job_specification(spec: ContainerSpec, settings: SnowflakeSettings) -> Specification:
    """Make the specification of a job. Raises `UnsupportedOperationError` for what SPCS lacks."""
    _refuse_what_needs_kubernetes(spec)
    volumes = [_volume(volume) for volume in spec.volumes]
    mounts = [
        VolumeMount(name=str(found.get("name")), mount_path=str(found.get("mountPath")))
        for found in spec.volume_mounts
    ]
    container = Container(
        name=MAIN,
        image=image_path(spec.image, settings),
        command=spec.command or None,
        args=spec.arguments or None,
        env=spec.env or None,
        volume_mounts=mounts or None,
        resources=_resources(spec.resources or settings.resources),
        secrets=[_secret(found, settings) for found in spec.secrets] or None,
    )
    return Specification(spec=Spec(containers=[container], volumes=volumes or None))


def service_specification(service: ModelService, settings: SnowflakeSettings) -> Specification:
    """Make the specification of a model server, whose image must be given."""
    if service.image is None:
        raise UnsupportedOperationError(
            f"The platform 'snowflake_spcs' needs the `image` of the model server {service.name!r}: "
            "one that answers POST /predict as a service function of Snowflake."
        )
    model = {} if service.model_uri is None else {"MODEL_URI": service.model_uri}
    container = Container(
        name=MAIN,
        image=image_path(service.image, settings),
        command=service.command or None,
        args=service.arguments or None,
        env={**model, **service.env} or None,
        readiness_probe=Probe(port=service.port, path="/health"),
        resources=_resources(service.resources or settings.resources),
    )
    endpoint = Endpoint(name=ENDPOINT, port=service.port, public=True)
    return Specification(spec=Spec(containers=[container], endpoints=[endpoint]))


def image_path(image: str, settings: SnowflakeSettings) -> str:
    """Give the image's path in Snowflake's own registry, the only one that it pulls from."""
    if image.startswith("/"):
        return image
    if settings.image_repository is None or not image:
        raise PlatformConfigError(
            f"The image {image!r} is in no image repository of Snowflake. Push it to one, and set "
            "`platform.config.image_repository` to /database/schema/repository."
        )
    return f"{settings.image_repository.rstrip('/')}/{image.rpartition('/')[2]}"


def _secret(secret: dict[str, Any], settings: SnowflakeSettings) -> ContainerSecret:
    name, key, target = secret.get("secret"), secret.get("key"), secret.get("deploy_target")
    mapped = settings.secrets.get(f"{name}/{key}") or settings.secrets.get(str(name))
    if mapped is None or not mapped.get("object") or not target:
        raise PlatformConfigError(
            f"The secret {name!r} has no secret of Snowflake. Map it under "
            f"`platform.config.secrets`, as {name}: {{object: DB.SCHEMA.NAME, key: secret_string}}."
        )
    is_file = secret.get("deploy_type") == "volume"
    return ContainerSecret(
        snowflake_secret=SecretObject(object_name=mapped["object"]),
        secret_key_ref=None if is_file else mapped.get("key", "secret_string"),
        env_var_name=None if is_file else str(target),
        directory_path=str(target) if is_file else None,
    )


def _volume(volume: dict[str, Any]) -> Volume:
    if "emptyDir" not in volume:
        raise UnsupportedOperationError(
            f"The platform 'snowflake_spcs' cannot mount the volume {volume.get('name')!r}: only "
            "emptyDir. Read files from a stage, or run on `kubernetes`."
        )
    medium = (volume["emptyDir"] or {}).get("medium")
    if medium == "Memory":
        size = (volume["emptyDir"] or {}).get("sizeLimit", "1Gi")
        return Volume(name=str(volume.get("name")), source="memory", size=str(size))
    return Volume(name=str(volume.get("name")), source="local")


def _resources(resources: dict[str, Any]) -> dict[str, dict[str, Any]] | None:
    known = ("cpu", "memory", "nvidia.com/gpu")
    found = {
        section: {
            key: value for key, value in (resources.get(section) or {}).items() if key in known
        }
        for section in ("requests", "limits")
    }
    return {section: amounts for section, amounts in found.items() if amounts} or None


def _refuse_what_needs_kubernetes(spec: ContainerSpec) -> None:
    fields = {
        "a returned value (do_xcom_push)": spec.returns_value,
        "env_from": spec.env_from,
        "env_sources": spec.env_sources,
        "pod_template": spec.pod_template or spec.pod_template_file,
        "full_pod_spec": spec.full_pod_spec,
        "container_spec": spec.container_spec,
        "pod_spec": set(spec.pod_spec) - _WITHOUT_MEANING,
    }
    found = [name for name, value in fields.items() if value]
    if found:
        raise UnsupportedOperationError(
            f"The platform 'snowflake_spcs' has nothing for {', '.join(found)} of the container "
            f"{spec.image!r}. Write results to a table or a stage, or run on `kubernetes`."
        )
