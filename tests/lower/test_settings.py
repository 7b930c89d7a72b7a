"""The content of configs/<dag>.yaml."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
import yaml

from runtime.config import load_config
from tests.conftest import EmittedProject
from tests.lower.factory import span
from transpiler.lower.settings import Settings, environment_name


def test_nothing_is_needed() -> None:
    settings = Settings("nightly")
    assert settings.content().config == {"pipeline": "nightly"}
    assert settings.findings == []


def test_a_connection_is_noted_once() -> None:
    settings = Settings("nightly")
    settings.connection("snowflake-be.eu", span(), warehouse="WH")
    settings.connection("snowflake-be.eu", span(9), role="LOADER")
    content = settings.content()
    assert content.config["connections"] == {
        "snowflake-be.eu": {
            "type": "snowflake",
            "account": "${SNOWFLAKE_BE_EU_ACCOUNT}",
            "user": "${SNOWFLAKE_BE_EU_USER}",
            "password": "${SNOWFLAKE_BE_EU_PASSWORD}",
            "warehouse": "WH",
            "role": "LOADER",
        }
    }
    assert "connections.snowflake-be.eu" in content.comments
    assert [f.code for f in settings.findings] == ["D2Z308"]
    assert "SNOWFLAKE_BE_EU_PASSWORD" in settings.findings[0].remedy


def test_what_migration_yaml_gives_need_not_be_filled_in() -> None:
    settings = Settings("nightly")
    settings.connection("db", span(), account="acme", user="etl", password="${DB_PASSWORD}")
    assert settings.findings == []
    assert settings.content().config["connections"]["db"]["account"] == "acme"


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("sftp", {"host": "${X_HOST}", "user": "${X_USER}", "password": "${X_PASSWORD}"}),
        ("http", {"host": "${X_HOST}"}),
        ("slack", {"password": "${X_PASSWORD}"}),
        ("aws", {"user": "${X_USER}", "password": "${X_PASSWORD}"}),
        ("fs", {}),
    ],
)
def test_other_connections_have_what_their_type_needs(kind: str, fields: dict[str, str]) -> None:
    settings = Settings("nightly")
    settings.connection("x", span(), kind=kind)
    assert settings.content().config["connections"]["x"] == {"type": kind, **fields}


def test_alerts_by_email_need_no_server() -> None:
    settings = Settings("nightly")
    settings.email(span(), alerts_only=True)
    settings.email(span(), alerts_only=True)
    assert "email" not in settings.content().config
    assert len(settings.findings) == 1
    settings.email(span())
    assert settings.content().config["email"]["host"] == "${SMTP_HOST}"


def test_variables() -> None:
    settings = Settings("nightly")
    settings.variable("bucket", span())
    settings.variable("bucket", span())
    settings.variable("limit", span(), default={"rows": 5, "since": date(2024, 1, 1)})
    assert settings.content().config["variables"] == {
        "bucket": "${VARIABLE_BUCKET}",
        "limit": {"rows": 5, "since": "2024-01-01"},
    }
    assert [f.remedy.split(" ")[0] for f in settings.findings] == ["Set", "Fill"]


def test_a_default_that_is_not_known_is_not_written() -> None:
    settings = Settings("nightly")
    settings.variable("limit", span(), required=False)
    assert "variables" not in settings.content().config
    settings.variable("limit", span())
    assert settings.content().config["variables"] == {"limit": "${VARIABLE_LIMIT}"}
    assert len(settings.findings) == 2


def test_a_variable_with_several_defaults_has_none_in_the_configuration() -> None:
    settings = Settings("nightly")
    for default in ("a", "a"):
        settings.variable("same", span(), default=default, required=False)
    for given in ("a", "b", "b"):
        settings.variable("other", span(), default=given, required=False)
    settings.variable("needed", span(), default="a", required=False)
    settings.variable("needed", span())
    settings.variable("needed", span(), default="a", required=False)
    assert settings.content().config["variables"] == {
        "same": "a",
        "needed": "${VARIABLE_NEEDED}",
    }


def test_a_rule_knows_more_about_a_connection_than_a_template() -> None:
    settings = Settings("nightly")
    settings.connection("db", span(), kind="generic")
    settings.connection("db", span(9), database="ANALYTICS")
    settings.connection("db", span(9), kind="generic")
    assert settings.content().config["connections"]["db"]["type"] == "snowflake"
    assert [f.span.line for f in settings.findings] == [9]


def test_alerts_mail_and_images() -> None:
    settings = Settings("nightly")
    for _ in range(2):
        settings.incident_io(span(), "alerts.tell posts to incident.io")
        settings.email(span())
        settings.image("acme/score:1", span())
        settings.image("acme/train:1", span(), ["python", "-m", "train"])
    content = settings.content()
    assert content.config["alerts"]["incident_io"]["token"] == "${INCIDENT_IO_TOKEN}"
    assert content.config["email"]["host"] == "${SMTP_HOST}"
    assert content.config["platform"] == {
        "type": "local",
        "images": {"acme/train:1": ["python", "-m", "train"]},
    }
    assert "acme/score:1" in content.comments["platform"]
    assert [f.code for f in settings.findings] == ["D2Z308"] * 3


def test_an_image_without_a_command_has_none() -> None:
    settings = Settings("nightly")
    settings.image("acme/score:1\n# x", span())
    assert settings.content().config["platform"] == {"type": "local"}
    assert "\n" not in settings.content().comments["platform"]


def test_the_runtime_reads_what_is_written(
    emitted_project: EmittedProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings("nightly")
    settings.connection("snowflake_default", span(), database="ANALYTICS")
    settings.variable("bucket", span())
    settings.incident_io(span(), "x")
    settings.email(span())
    settings.image("acme/train:1", span(), ["python"])
    settings.params(
        {
            "template": "${NOT_A_REFERENCE}",
            "since": date(2024, 1, 1),
            "every": timedelta(hours=1),
            "markets": ("BE", "NL"),
            "tags": {"b", "a"},
            "path": Path("data/in"),
        }
    )
    content = settings.content().config
    emitted_project.write("configs/nightly.yaml", yaml.safe_dump(content))
    for name in ("ACCOUNT", "USER", "PASSWORD"):
        monkeypatch.setenv(f"SNOWFLAKE_DEFAULT_{name}", name.lower())
    for name in ("VARIABLE_BUCKET", "INCIDENT_IO_TOKEN", "INCIDENT_IO_SOURCE_CONFIG_ID"):
        monkeypatch.setenv(name, "x")
    monkeypatch.setenv("SMTP_HOST", "mail")
    monkeypatch.setenv("SMTP_SENDER", "etl@example.com")

    config = load_config("nightly")

    assert config.connection("snowflake_default").secret("password") == "password"
    assert config.params == {
        "template": "${NOT_A_REFERENCE}",
        "since": "2024-01-01",
        "every": 3600.0,
        "markets": ["BE", "NL"],
        "tags": ["a", "b"],
        "path": "data/in",
    }


@pytest.mark.parametrize(
    ("parts", "name"),
    [
        (("snowflake_default", "user"), "SNOWFLAKE_DEFAULT_USER"),
        (("s3://a b", "user"), "S3_A_B_USER"),
        (("3d",), "_3D"),
        (("é",), "VALUE"),
    ],
)
def test_environment_names(parts: tuple[str, ...], name: str) -> None:
    assert environment_name(*parts) == name
