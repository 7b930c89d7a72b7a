"""Sessions, and how they are opened. The embedded warehouse checks no credentials."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from runtime.config import ConnectionConfig
from runtime.snowflake import connect, execute_sql
from runtime.snowflake.connection import connect_arguments
from runtime.snowflake.errors import SnowflakeConfigError, SnowflakeConnectionError
from runtime.warehouse import Endpoint

ACCOUNT: dict[str, Any] = {"account": "a", "user": "u"}


def config(**fields: Any) -> ConnectionConfig:
    return ConnectionConfig.model_validate(fields)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"password": "p"}, {"password": "p"}),
        ({"token": "t"}, {"authenticator": "oauth", "token": "t"}),
        (
            {"private_key_path": "k.p8"},
            {"authenticator": "SNOWFLAKE_JWT", "private_key_file": "k.p8"},
        ),
        (
            {"private_key_path": "k.p8", "private_key_passphrase": "x"},
            {
                "authenticator": "SNOWFLAKE_JWT",
                "private_key_file": "k.p8",
                "private_key_file_pwd": "x",
            },
        ),
        ({"authenticator": "externalbrowser"}, {"authenticator": "externalbrowser"}),
        (
            {"authenticator": "username_password_mfa", "password": "p"},
            {"authenticator": "username_password_mfa", "password": "p"},
        ),
    ],
)
def test_credentials(fields: dict[str, Any], expected: dict[str, Any]) -> None:
    arguments = connect_arguments(config(**ACCOUNT, **fields))
    common = {"account", "user", "login_timeout", "network_timeout", "session_parameters"}
    assert {key: arguments[key] for key in arguments.keys() - common} == expected


def test_settings_and_extras_reach_the_connector() -> None:
    arguments = connect_arguments(
        config(
            **ACCOUNT,
            password="p",
            schema="S",
            extra={
                "login_timeout": 5,
                "session_parameters": {"TIMEZONE": "Europe/Brussels"},
                "anything": "for templates",
            },
        )
    )
    assert arguments["schema"] == "S"
    assert arguments["login_timeout"] == 5
    assert arguments["session_parameters"] == {"TIMEZONE": "Europe/Brussels"}
    assert "anything" not in arguments
    assert "warehouse" not in arguments


@pytest.mark.parametrize(
    ("fields", "missing"),
    [
        ({"user": "u", "password": "p"}, "no `account`"),
        ({"account": "a", "password": "p"}, "no `user`"),
        ({"account": "a", "user": "u"}, "no credentials"),
    ],
)
def test_missing_settings(fields: dict[str, Any], missing: str) -> None:
    with pytest.raises(SnowflakeConfigError, match=missing):
        connect_arguments(config(**fields))


def test_an_oauth_token_needs_no_user() -> None:
    assert "user" not in connect_arguments(config(account="a", token="t"))


def test_key_pair_login(warehouse: Endpoint, tmp_path: Path) -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    file = tmp_path / "key.p8"
    file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.BestAvailableEncryption(b"secret"),
        )
    )
    fields = warehouse.connection() | {
        "private_key_path": str(file),
        "private_key_passphrase": "secret",
    }
    del fields["password"]
    with connect(config(**fields), query_tag="x" * 5000, statement_timeout_seconds=0.2) as session:
        assert execute_sql(session, "SELECT 1")[0].first_row == (1,)


def test_no_server_is_a_clear_error_without_secrets() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    unreachable = config(
        **ACCOUNT,
        password="hunter2",
        host="127.0.0.1",
        port=port,
        protocol="http",
        extra={"login_timeout": 1},
    )
    with pytest.raises(SnowflakeConnectionError, match=f"at 127.0.0.1:{port}") as caught:
        connect(unreachable)
    assert "hunter2" not in str(caught.value)
