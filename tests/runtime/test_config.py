"""Configuration from YAML files and the environment."""

from __future__ import annotations

import os

import pytest

from runtime.config import RuntimeConfig, load_config
from runtime.exceptions import ConfigError
from tests.conftest import EmittedProject

DAG = "sales-be"
FULL = """\
pipeline: sales-be
connections:
  snowflake_default:
    account: acme
    user: loader
    password: ${SNOWFLAKE_PASSWORD}
    schema: FEATURES
  warehouse-eu: {account: eu, database: DB}
  api: {type: http, host: api.example.com, extra: {timeout: 5}}
params: {market: BE, tenures: [6, 12]}
variables: {model: ltv}
platform:
  images: {"registry.example.com/x": [python, -m, x]}
mlflow: {tracking_uri: "sqlite:///ml.db"}
"""


@pytest.fixture
def full(emitted_project: EmittedProject, monkeypatch: pytest.MonkeyPatch) -> EmittedProject:
    """A project with a complete configuration."""
    monkeypatch.setenv("SNOWFLAKE_PASSWORD", "s3cret")
    emitted_project.write("configs/sales_be.yaml", FULL)
    return emitted_project


def error_of(pipeline: str = DAG) -> str:
    """Give the message of a configuration that is wrong."""
    with pytest.raises(ConfigError) as caught:
        load_config(pipeline)
    return str(caught.value)


def test_everything_is_read(full: EmittedProject) -> None:
    config = load_config(DAG)
    connection = config.connection("snowflake_default")
    assert (connection.account, connection.schema_name) == ("acme", "FEATURES")
    assert connection.secret("password") == "s3cret"
    assert connection.secret("token") is None
    assert config.params == {"market": "BE", "tenures": [6, 12]}
    assert config.platform.images == {"registry.example.com/x": ["python", "-m", "x"]}
    assert config.mlflow.tracking_uri == "sqlite:///ml.db"
    assert config.alerts.incident_io is None


def test_secrets_and_variables_are_not_shown(full: EmittedProject) -> None:
    assert "s3cret" not in repr(load_config(DAG))
    assert "s3cret" not in load_config(DAG).model_dump_json()


def test_own_file_lies_over_base(full: EmittedProject) -> None:
    full.write(
        "configs/base.yaml",
        "snowflake: {role: READER, account: shared}\nparams: {market: DE, size: 1}\n",
    )
    config = load_config(DAG)
    assert config.params == {"market": "BE", "tenures": [6, 12], "size": 1}
    assert config.connection("snowflake_default").role == "READER"
    assert config.connection("snowflake_default").account == "acme"
    assert config.connection("api").role is None


def test_without_files_there_are_defaults(emitted_project: EmittedProject) -> None:
    assert load_config("anything") == RuntimeConfig()
    assert load_config() == RuntimeConfig()


def test_environment_lies_over_the_files(
    full: EmittedProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RUNTIME__CONNECTIONS__SNOWFLAKE_DEFAULT__PASSWORD", "0123")
    monkeypatch.setenv("RUNTIME__CONNECTIONS__WAREHOUSE_EU__PORT", "8443")
    monkeypatch.setenv("RUNTIME__CONNECTIONS__NEW__ACCOUNT", "0815")
    monkeypatch.setenv("RUNTIME__SNOWFLAKE__WAREHOUSE", "WH")
    monkeypatch.setenv("RUNTIME__PARAMS__TENURES", "[1, 2]")
    monkeypatch.setenv("RUNTIME__EMAIL__STARTTLS", "false")
    monkeypatch.setenv("RUNTIME__MLFLOW", "{tracking_uri: http://ml.example.com}")
    config = load_config(DAG)
    assert config.connection("snowflake_default").secret("password") == "0123"
    assert config.connection("warehouse-eu").port == 8443
    assert config.connection("new").account == "0815"
    assert config.connection("new").warehouse == "WH"
    assert config.params["tenures"] == [1, 2]
    assert config.email.starttls is False
    assert config.mlflow.tracking_uri == "http://ml.example.com"


def test_environment_may_replace_a_value_by_a_section(
    emitted_project: EmittedProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    emitted_project.write("configs/base.yaml", "params: {a: 1}\n")
    monkeypatch.setenv("RUNTIME__PARAMS__A__B", "2")
    assert load_config(DAG).params == {"a": {"b": 2}}


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("RUNTIME__EMAIL__PROT", "25", "unknown key 'email.prot'. Did you mean 'port'?"),
        ("RUNTIME__EMAIL__PORT", "many", "RUNTIME__EMAIL__PORT): email.port:"),
        ("RUNTIME__PARAMS__A", "[", "RUNTIME__PARAMS__A: its value is not valid YAML"),
        ("RUNTIME__EMAIL__", "x", "RUNTIME__EMAIL__: a key in it is empty"),
    ],
)
def test_wrong_environment_is_named(
    emitted_project: EmittedProject,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    value: str,
    message: str,
) -> None:
    monkeypatch.setenv(name, value)
    assert message in error_of()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: 1\nparam: {}\n", "sales_be.yaml:2: unknown key 'param'. Did you mean 'params'?"),
        ("connections:\n  x:\n    acount: a\n", ":3: unknown key 'connections.x.acount'. Did you"),
        ("email:\n  zzzzzz: 1\n", ":2: unknown key 'email.zzzzzz'. Valid keys here: host, port"),
        ("email:\n  port: 70000\n", ":2: email.port: Input should be less than"),
        ("platform: {images: moon}\n", ":1: platform.images: Input should be"),
        ("platform:\n  images:\n    x: [a, {b: 1}]\n", ":3: platform.images.x.1: Input should be"),
        ("params: ${NOT_SET_ANYWHERE}\n", ":1: params refers to the environment variable NOT_SET"),
        ("params:\n  a: 1\n  a: 2\n", ":3: the key 'a' comes twice (first in line 2)"),
        ("params: [\n", "not valid YAML: line 2"),
        ("- a\n", ":1: the file must hold a mapping"),
        ("a: &a {b: *a}\n", "a.b contains itself"),
        ("{? [1]: 2}\n", "not valid YAML"),
    ],
)
def test_wrong_file_is_named_with_its_line(
    emitted_project: EmittedProject, text: str, message: str
) -> None:
    emitted_project.write("configs/sales_be.yaml", text)
    assert message in error_of()


def test_values_are_not_in_errors(
    emitted_project: EmittedProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET_PORT", "s3cret")
    emitted_project.write("configs/base.yaml", "email: {port: '${SECRET_PORT}'}\n")
    message = error_of()
    assert "email.port" in message
    assert "s3cret" not in message


def test_file_that_is_not_text(emitted_project: EmittedProject) -> None:
    emitted_project.write("configs/base.yaml", "").write_bytes(b"\xff\xfe")
    assert "not UTF-8" in error_of()


def test_reference_inside_of_text_and_escaped(
    emitted_project: EmittedProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STAGE", "dev")
    emitted_project.write(
        "configs/base.yaml", 'params: {a: ["x-${STAGE}-y"], b: "$${STAGE}", c: {d: 1}}\n'
    )
    assert load_config(DAG).params == {"a": ["x-dev-y"], "b": "${STAGE}", "c": {"d": 1}}


def test_unknown_connection_names_the_known(full: EmittedProject) -> None:
    with pytest.raises(ConfigError, match="known: api, snowflake_default.*Did you mean 'snowf"):
        load_config(DAG).connection("snowflake")
    with pytest.raises(ConfigError, match="known: none"):
        RuntimeConfig().connection("x")


def test_kept_until_files_or_environment_change(
    full: EmittedProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = load_config(DAG)
    assert load_config(DAG) is first
    path = full.write("configs/sales_be.yaml", "params: {market: NL}\n")
    os.utime(path, ns=(1, 1))
    assert load_config(DAG).params == {"market": "NL"}
    monkeypatch.setenv("RUNTIME__PARAMS__MARKET", "FR")
    assert load_config(DAG).params == {"market": "FR"}
