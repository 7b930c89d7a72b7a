"""What a container is, and what its run gives."""

from __future__ import annotations

from typing import Protocol

from pydantic import BaseModel, ConfigDict, Field, JsonValue

JsonObject = dict[str, JsonValue]


class ContainerSpec(BaseModel):
    """A container to run to its end; the fields are those of Airflow's KubernetesPodOperator.

    `command` replaces the image's entry point, `arguments` its command. `secrets` are Kubernetes
    secrets: `{"deploy_type", "deploy_target", "secret", "key"}`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    image: str
    name: str = ""
    namespace: str | None = None
    command: list[str] = Field(default_factory=list)
    arguments: list[str] = Field(default_factory=list)
    env: dict[str, str] = Field(default_factory=dict, repr=False)
    env_from: list[JsonObject] = Field(default_factory=list)
    secrets: list[JsonObject] = Field(default_factory=list)
    resources: JsonObject = Field(default_factory=dict)
    labels: dict[str, str] = Field(default_factory=dict)
    annotations: dict[str, str] = Field(default_factory=dict)
    service_account: str | None = None
    image_pull_policy: str | None = None
    image_pull_secrets: list[str] = Field(default_factory=list)
    node_selector: dict[str, str] = Field(default_factory=dict)
    tolerations: list[JsonObject] = Field(default_factory=list)
    affinity: JsonObject = Field(default_factory=dict)
    volumes: list[JsonObject] = Field(default_factory=list)
    volume_mounts: list[JsonObject] = Field(default_factory=list)
    ports: list[JsonObject] = Field(default_factory=list)
    working_dir: str | None = None
    returns_value: bool = False
    startup_timeout_seconds: float | None = None
    timeout_seconds: float | None = None
    on_finish_action: str = "delete_pod"


class ContainerResult(BaseModel):
    """How a container ended, and the value that it left as Airflow's XCom side car reads it."""

    model_config = ConfigDict(frozen=True)

    exit_code: int
    last_line: str = ""
    value: JsonValue = None


class ContainerPlatform(Protocol):
    """Something that runs containers."""

    def run(self, spec: ContainerSpec) -> ContainerResult:
        """Run a container to its end and stream its output to the log.

        Raises `PlatformError` for a container that cannot be started, `TaskTimeoutError` after
        `spec.timeout_seconds`. A non-zero exit code is a result, not an error.
        """
