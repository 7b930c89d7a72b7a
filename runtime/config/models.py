"""The configuration's sections. Secrets are `SecretStr` and never shown."""

from __future__ import annotations

import difflib
from typing import Annotated, Literal

from pydantic import Field, JsonValue, SecretStr, model_validator

from runtime.config.connection import ConnectionConfig
from runtime.config.inference import (
    DataConfig,
    InferenceConfig,
    ModelConfig,
    MonitoringConfig,
    OutputConfig,
    ValidationConfig,
)
from runtime.config.platform import PlatformConfig
from runtime.config.section import Section
from runtime.config.upstreams import UpstreamConfig
from runtime.exceptions import ConfigError


class IncidentIoConfig(Section):
    """An HTTP alert source of incident.io."""

    source_config_id: str
    token: SecretStr
    url: str = "https://api.incident.io"
    timeout_seconds: float = Field(default=10, gt=0)
    max_attempts: int = Field(default=3, ge=1, le=10)


class AlertsConfig(Section):
    """Where failures are told."""

    incident_io: IncidentIoConfig | None = None


class EmailConfig(Section):
    """The mail server, as Airflow's `[smtp]` section has it."""

    host: str = "localhost"
    port: int = Field(default=25, ge=1, le=65535)
    sender: str = "airflow@example.com"
    user: str | None = None
    password: SecretStr | None = None
    starttls: bool = True
    ssl: bool = False
    timeout_seconds: float = Field(default=30, gt=0)


class MlflowConfig(Section):
    """The MLflow servers; unset means MLflow's own default or environment."""

    tracking_uri: str | None = None
    registry_uri: str | None = None


class TemplatesConfig(Section):
    """What the DAG adds to Airflow's templates: dotted paths of dicts with macros and filters,
    whether templates give Python objects in place of text, Jinja's class for undefined names, and
    options of Jinja's environment.
    """

    macros: str | None = None
    filters: str | None = None
    native: bool = False
    undefined: Literal["StrictUndefined", "Undefined", "ChainableUndefined", "DebugUndefined"] = (
        "StrictUndefined"
    )
    options: dict[str, JsonValue] = Field(default_factory=dict)


class RuntimeConfig(Section):
    """All that a pipeline reads from outside. `snowflake` is under every Snowflake connection.

    `pools` has the slots of Airflow's pools, which limit how many tasks of a run run at one time,
    `upstreams` the DAGs that still run in an Airflow. `param_schemas` are JSON schemas of params, by
    name; a param that has one and no value must be given when a run is started.
    """

    pipeline: str | None = None
    connections: dict[str, ConnectionConfig] = Field(default_factory=dict)
    snowflake: ConnectionConfig = Field(default_factory=ConnectionConfig)
    params: dict[str, JsonValue] = Field(default_factory=dict)
    param_schemas: dict[str, dict[str, JsonValue]] = Field(default_factory=dict)
    variables: dict[str, JsonValue] = Field(default_factory=dict, repr=False)
    platform: PlatformConfig = Field(default_factory=PlatformConfig)
    alerts: AlertsConfig = Field(default_factory=AlertsConfig)
    email: EmailConfig = Field(default_factory=EmailConfig)
    mlflow: MlflowConfig = Field(default_factory=MlflowConfig)
    pools: dict[str, Annotated[int, Field(ge=1)]] = Field(default_factory=dict)
    templates: TemplatesConfig = Field(default_factory=TemplatesConfig)
    upstreams: dict[str, UpstreamConfig] = Field(default_factory=dict)
    data: DataConfig = Field(default_factory=DataConfig)
    model: ModelConfig = Field(default_factory=ModelConfig)
    inference: InferenceConfig = Field(default_factory=InferenceConfig)
    output: OutputConfig = Field(default_factory=OutputConfig)
    validation: ValidationConfig = Field(default_factory=ValidationConfig)
    monitoring: MonitoringConfig = Field(default_factory=MonitoringConfig)

    @model_validator(mode="after")
    def _fill_snowflake_connections(self) -> RuntimeConfig:
        shared = {name: getattr(self.snowflake, name) for name in self.snowflake.model_fields_set}
        for conn_id, connection in self.connections.items():
            if connection.type == "snowflake":
                own = {name: getattr(connection, name) for name in connection.model_fields_set}
                self.connections[conn_id] = connection.model_copy(update={**shared, **own})
        return self

    def connection(self, conn_id: str) -> ConnectionConfig:
        """Give the connection of this Airflow connection id.

        Raises `ConfigError` that names the connections there are.
        """
        if conn_id in self.connections:
            return self.connections[conn_id]
        near = difflib.get_close_matches(conn_id, self.connections, n=1)
        known = ", ".join(sorted(self.connections)) or "none"
        hint = f" Did you mean {near[0]!r}?" if near else ""
        raise ConfigError(
            f"No connection {conn_id!r} is configured (known: {known}).{hint} "
            f"Add it under `connections:` in the pipeline's file in configs/."
        )
