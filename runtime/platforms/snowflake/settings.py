"""The section `platform.config` of the platform `snowflake_spcs`."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from runtime.platforms.settings import PlatformSettings


class SnowflakeSettings(PlatformSettings):
    """In which compute pool containers run, and what they may reach.

    `image_repository` (`/db/schema/repository`) is where an image is found by the last part of its
    name; one that begins with `/` is taken as it is. `secrets` gives the Snowflake secret of a
    container's secret, by its name or by `name/key`, as `{object: DB.SCHEMA.NAME, key: password}`.
    `database` and `schema` are where services are made; by default the connection's. A request to
    a model service that is not answered, or answered by an overloaded one, is sent up to `attempts`
    times, with pauses of `retry_seconds` and more.
    """

    compute_pool: str
    connection: str = "snowflake_default"
    image_repository: str | None = None
    database: str | None = None
    schema_name: str | None = Field(default=None, alias="schema")
    query_warehouse: str | None = None
    external_access_integrations: list[str] = Field(default_factory=list)
    secrets: dict[str, dict[str, str]] = Field(default_factory=dict)
    resources: dict[str, Any] = Field(default_factory=dict)
    startup_timeout_seconds: float = Field(default=600, gt=0)
    poll_interval_seconds: float = Field(default=5, gt=0)
    log_lines: int = Field(default=1000, ge=1)
    attempts: int = Field(default=5, ge=1)
    retry_seconds: float = Field(default=0.5, ge=0)
