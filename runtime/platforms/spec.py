"""What is run and deployed on a platform, and how it ended."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue

JsonObject = dict[str, JsonValue]
FinishAction = Literal["delete_pod", "delete_succeeded_pod", "keep_pod"]


class ContainerSpec(BaseModel):
    """A container to run to its end; the fields are those of Airflow's KubernetesPodOperator.

    `command` replaces the image's entry point, `arguments` its command. `secrets` are Kubernetes
    secrets: `{"deploy_type", "deploy_target", "secret", "key", "items"}`. `env_sources` are
    variables that the cluster fills (Kubernetes' EnvVar with `valueFrom`). `pod_spec` and
    `container_spec` are further fields of the pod's spec and of its container, named as in a
    manifest. `pod_template` and `full_pod_spec` are pods to start from, the latter the stronger;
    what the other fields say is laid over them. An empty `image` is that of the template.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    image: str = ""
    name: str = ""
    random_name_suffix: bool = True
    namespace: str | None = None
    container_name: str = "base"
    command: list[str] = Field(default_factory=list)
    arguments: list[str] = Field(default_factory=list)
    env: dict[str, str] = Field(default_factory=dict, repr=False)
    env_sources: list[JsonObject] = Field(default_factory=list)
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
    pod_spec: JsonObject = Field(default_factory=dict)
    container_spec: JsonObject = Field(default_factory=dict)
    pod_template: JsonObject = Field(default_factory=dict, repr=False)
    pod_template_file: str | None = None
    full_pod_spec: JsonObject = Field(default_factory=dict, repr=False)
    returns_value: bool = False
    log_containers: list[str] | Literal["all"] = Field(default_factory=list)
    reattach: bool = True
    startup_timeout_seconds: float | None = None
    timeout_seconds: float | None = None
    termination_grace_seconds: int | None = None
    on_finish_action: FinishAction = "delete_pod"


class JobIdentity(BaseModel):
    """Which attempt of which task of which run a job is; a later attempt finds it by this."""

    model_config = ConfigDict(frozen=True)

    dag_id: str
    task_id: str
    run_id: str
    map_index: int = -1
    try_number: int = 1


class ContainerResult(BaseModel):
    """How a container ended, and the value that it left as Airflow's XCom side car reads it.

    `message` is what the platform says about the end, as `OOMKilled`; empty where it says nothing.
    """

    model_config = ConfigDict(frozen=True)

    exit_code: int
    last_line: str = ""
    message: str = ""
    value: JsonValue = None


class ModelService(BaseModel):
    """A model to serve, or a container that serves one.

    `model_uri` is where the platform finds the model (`s3://…`, `models:/name/version` where the
    platform's own process resolves it), `model_format` MLflow's or KServe's name of its kind.
    `image` with `command` and `arguments` is a server of one's own instead. `canary_percent` sends
    that share of the traffic to this version, and the rest to the one before.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", protected_namespaces=())

    name: str
    model_uri: str | None = None
    model_format: str = "mlflow"
    image: str | None = None
    command: list[str] = Field(default_factory=list)
    arguments: list[str] = Field(default_factory=list)
    env: dict[str, str] = Field(default_factory=dict, repr=False)
    port: int = Field(default=8080, ge=1, le=65535)
    resources: JsonObject = Field(default_factory=dict)
    min_replicas: int = Field(default=1, ge=0)
    max_replicas: int | None = Field(default=None, ge=1)
    service_account: str | None = None
    labels: dict[str, str] = Field(default_factory=dict)
    annotations: dict[str, str] = Field(default_factory=dict)
    canary_percent: int | None = Field(default=None, ge=0, le=100)
    timeout_seconds: float = Field(default=600, gt=0)


State = Literal["pending", "running", "ready", "succeeded", "failed", "unknown"]


class WorkloadStatus(BaseModel):
    """The state of a job or a service by its name on the platform, with the platform's reason."""

    model_config = ConfigDict(frozen=True)

    name: str
    state: State
    message: str = ""
    url: str | None = None
