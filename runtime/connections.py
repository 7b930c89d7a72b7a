"""Connections under Airflow's attribute names, for translated callables and templates."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode

from runtime.config import ConnectionConfig, load_config

# Airflow's Snowflake hook reads these from the connection's extras.
_SNOWFLAKE_EXTRAS = ("account", "database", "warehouse", "role", "authenticator")


@dataclass(frozen=True)
class Connection:
    """What `BaseHook.get_connection` gives. The password is not shown in `repr`."""

    conn_id: str
    conn_type: str
    host: str | None
    login: str | None
    password: str | None = field(repr=False)
    schema: str | None
    port: int | None
    extra_dejson: dict[str, Any] = field(repr=False)

    @property
    def extra(self) -> str:
        """Give the extras as JSON text."""
        return json.dumps(self.extra_dejson)

    def get_uri(self) -> str:
        """Give Airflow's URI form, password included; every part is percent-encoded."""
        login = quote(self.login or "", safe="")
        secret = f":{quote(self.password, safe='')}" if self.password is not None else ""
        authority = f"{login}{secret}@" if login or secret else ""
        host = quote(self.host or "", safe="")
        port = f":{self.port}" if self.port else ""
        schema = f"/{quote(self.schema, safe='')}" if self.schema else "/"
        scheme = self.conn_type.lower().replace("_", "-")
        extras = f"?{urlencode(_flat(self.extra_dejson))}" if self.extra_dejson else ""
        return f"{scheme}://{authority}{host}{port}{schema}{extras}"

    def __str__(self) -> str:
        """Give the connection id, as Airflow does."""
        return self.conn_id


def get_connection(conn_id: str, *, dag_id: str | None = None) -> Connection:
    """Give a configured connection; `ConfigError` names the ones there are."""
    return _as_airflow(conn_id, load_config(dag_id).connection(conn_id))


def _as_airflow(conn_id: str, config: ConnectionConfig) -> Connection:
    extras: dict[str, Any] = dict(config.extra)
    if config.type == "snowflake":
        found = {name: getattr(config, name) for name in _SNOWFLAKE_EXTRAS}
        extras = {**{name: value for name, value in found.items() if value is not None}, **extras}
    return Connection(
        conn_id=conn_id,
        conn_type=config.type,
        host=config.host,
        login=config.user,
        password=config.secret("password"),
        schema=config.schema_name,
        port=config.port,
        extra_dejson=extras,
    )


def _flat(extras: dict[str, Any]) -> dict[str, str]:
    if all(isinstance(value, str) for value in extras.values()):
        return extras
    return {"__extra__": json.dumps(extras)}
