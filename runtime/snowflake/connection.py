"""Sessions of the Snowflake connector, made from a configured connection.

Parameters: https://docs.snowflake.com/en/developer-guide/python-connector/python-connector-api
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from runtime.snowflake.errors import SnowflakeConfigError, SnowflakeConnectionError

if TYPE_CHECKING:
    from snowflake.connector import SnowflakeConnection

    from runtime.config import ConnectionConfig

LOGIN_TIMEOUT_SECONDS = 60
NETWORK_TIMEOUT_SECONDS = 300
"""How long the connector retries one request; without it, for ever."""
MAX_QUERY_TAG = 2000
"""Characters that Snowflake takes: https://docs.snowflake.com/en/sql-reference/parameters#query-tag"""

PASSED_EXTRAS = (
    "client_session_keep_alive",
    "login_timeout",
    "network_timeout",
    "ocsp_fail_open",
    "socket_timeout",
)
"""Keys of a connection's `extra` that the connector gets, beside `session_parameters`."""


def connect(
    config: ConnectionConfig,
    *,
    query_tag: str | None = None,
    autocommit: bool = True,
    statement_timeout_seconds: float | None = None,
) -> SnowflakeConnection:
    """Open a session; use it as a context manager, which closes it.

    Signs in by OAuth token, key pair (`private_key_path`) or password, whichever is configured.
    `statement_timeout_seconds` makes Snowflake itself cancel a longer statement. Raises
    `SnowflakeConfigError` for missing settings and `SnowflakeConnectionError` where no session
    comes about; neither shows a secret.
    """
    import snowflake.connector
    from snowflake.connector.errors import Error

    arguments = connect_arguments(config)
    parameters = arguments["session_parameters"]
    if query_tag:
        parameters["QUERY_TAG"] = query_tag[:MAX_QUERY_TAG]
    if statement_timeout_seconds is not None:
        parameters["STATEMENT_TIMEOUT_IN_SECONDS"] = max(1, math.ceil(statement_timeout_seconds))
    try:
        return snowflake.connector.connect(autocommit=autocommit, **arguments)
    except Error as error:
        raise SnowflakeConnectionError(
            f"No session with Snowflake account {config.account!r} as user {config.user!r}"
            f"{f' at {config.host}:{config.port}' if config.host else ''}: {error.msg} "
            "Check the connection's settings, the credentials and the network."
        ) from error


def connect_arguments(config: ConnectionConfig) -> dict[str, Any]:
    """Give the keyword arguments of `snowflake.connector.connect`, secrets in plain text."""
    if not config.account:
        raise SnowflakeConfigError("The Snowflake connection has no `account`. Set it in configs/.")
    if not config.user and config.token is None:
        raise SnowflakeConfigError("The Snowflake connection has no `user`. Set it in configs/.")
    plain = {
        "account": config.account,
        "user": config.user,
        "database": config.database,
        "schema": config.schema_name,
        "warehouse": config.warehouse,
        "role": config.role,
        "host": config.host,
        "port": config.port,
        "protocol": config.protocol,
    }
    arguments: dict[str, Any] = {key: value for key, value in plain.items() if value is not None}
    arguments["login_timeout"] = LOGIN_TIMEOUT_SECONDS
    arguments["network_timeout"] = NETWORK_TIMEOUT_SECONDS
    arguments |= {key: config.extra[key] for key in PASSED_EXTRAS if key in config.extra}
    arguments |= _credentials(config)
    arguments["session_parameters"] = _session_parameters(config)
    return arguments


def _credentials(config: ConnectionConfig) -> dict[str, Any]:
    if config.token is not None:
        return {"authenticator": config.authenticator or "oauth", "token": config.secret("token")}
    if config.private_key_path is not None:
        key: dict[str, Any] = {
            "authenticator": config.authenticator or "SNOWFLAKE_JWT",
            "private_key_file": config.private_key_path,
        }
        if config.private_key_passphrase is not None:
            key["private_key_file_pwd"] = config.secret("private_key_passphrase")
        return key
    password = {} if config.password is None else {"password": config.secret("password")}
    if config.authenticator is not None:
        return {"authenticator": config.authenticator, **password}
    if not password:
        raise SnowflakeConfigError(
            "The Snowflake connection has no credentials. "
            "Set one of `password`, `private_key_path`, `token` or `authenticator`."
        )
    return password


def _session_parameters(config: ConnectionConfig) -> dict[str, Any]:
    extra = config.extra.get("session_parameters")
    parameters: dict[str, Any] = dict(extra) if isinstance(extra, dict) else {}
    if config.protocol == "http":
        # Only an emulation is spoken to without TLS; it has no telemetry to send.
        parameters.setdefault("CLIENT_OUT_OF_BAND_TELEMETRY_ENABLED", False)
    return parameters
