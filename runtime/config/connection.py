"""What an Airflow connection became."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field, JsonValue, SecretStr


class ConnectionConfig(BaseModel):
    """Access to one external system, found under Airflow's connection id.

    The field names are those of `snowflake.connector.connect`; `schema` is called `schema_name`
    in Python because pydantic has a method of that name. `type` is Airflow's connection type.
    """

    model_config = ConfigDict(
        extra="forbid", frozen=True, populate_by_name=True, coerce_numbers_to_str=True
    )

    type: str = "snowflake"
    account: str | None = None
    user: str | None = None
    password: SecretStr | None = None
    token: SecretStr | None = None
    database: str | None = None
    schema_name: str | None = Field(default=None, alias="schema")
    warehouse: str | None = None
    role: str | None = None
    host: str | None = None
    port: int | None = None
    protocol: str | None = None
    authenticator: str | None = None
    private_key_path: str | None = None
    private_key_passphrase: SecretStr | None = None
    extra: dict[str, JsonValue] = Field(default_factory=dict, repr=False)

    def secret(self, field: str) -> str | None:
        """Give the plain text of a secret field, `None` where it is not set."""
        value: Any = getattr(self, field)
        return value.get_secret_value() if isinstance(value, SecretStr) else None
