"""The layers of a configuration, and where its values come from."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from zenml.client import Client

from runtime.config import RuntimeConfig, config_overrides, load_config
from runtime.config.files import config_files
from runtime.config.show import DEFAULT, HIDDEN, settings
from runtime.exceptions import ConfigError
from tests.conftest import EmittedProject

DAG = "sales-be"


@pytest.fixture
def layered(emitted_project: EmittedProject, monkeypatch: pytest.MonkeyPatch) -> EmittedProject:
    """A project whose layers each say another batch size, and one thing of their own."""
    write = emitted_project.write
    write("configs/base.yaml", "inference: {batch_size: 1, cap: 1}\noutput: {table: BASE}\n")
    write("configs/environments/prod.yaml", "inference: {batch_size: 2, floor: 0}\n")
    write("configs/pipelines/sales_be.yaml", "inference:\n  batch_size: 3\n  keys: [ID]\n")
    monkeypatch.setenv("RUNTIME_ENVIRONMENT", "prod")
    return emitted_project


def test_the_later_layer_is_the_stronger(
    layered: EmittedProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = load_config(DAG)
    assert config.inference.batch_size == 3
    assert (config.inference.cap, config.inference.floor, config.inference.keys) == (1, 0, ["ID"])
    assert load_config().inference.batch_size == 2
    monkeypatch.delenv("RUNTIME_ENVIRONMENT")
    assert load_config().inference.batch_size == 1
    assert load_config(environment="prod").inference.batch_size == 2


def test_code_is_stronger_than_files_and_weaker_than_the_environment(
    layered: EmittedProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    with config_overrides({"inference": {"batch_size": 4}}):
        assert load_config(DAG).inference.batch_size == 4
        with config_overrides({"inference": {"batch_size": 5}}):
            assert load_config(DAG).inference.batch_size == 5
        assert load_config(DAG).inference.cap == 1
        monkeypatch.setenv("RUNTIME__INFERENCE__BATCH_SIZE", "6")
        assert load_config(DAG).inference.batch_size == 6
    monkeypatch.delenv("RUNTIME__INFERENCE__BATCH_SIZE")
    assert load_config(DAG).inference.batch_size == 3


def test_a_wrong_override_is_named(layered: EmittedProject) -> None:
    with (
        config_overrides({"inference": {"batch_sizes": 4}}),
        pytest.raises(ConfigError, match=r"code .*'inference.batch_sizes'. Did you mean 'batch_"),
    ):
        load_config(DAG)


@pytest.mark.parametrize("name", ["stage", "../base", "a/b", "."])
def test_an_unknown_environment_names_the_known(layered: EmittedProject, name: str) -> None:
    with pytest.raises(ConfigError, match=r"no environment .*known: prod"):
        load_config(DAG, name)


def test_the_emitted_file_wins_over_one_in_pipelines(layered: EmittedProject) -> None:
    emitted = layered.write("configs/sales_be.yaml", "pipeline: sales-be\n")
    assert config_files(layered.root / "configs", DAG)[-1] == emitted


def test_the_key_pipeline_names_the_owner(layered: EmittedProject) -> None:
    own = layered.write("configs/pipelines/other_name.yaml", "pipeline: 'weekly report'\n")
    assert config_files(layered.root / "configs", "weekly report")[-1] == own
    layered.write("configs/pipelines/sales_be.yaml", "pipeline: another\n")
    assert config_files(layered.root / "configs", DAG)[-1].name == "prod.yaml"


def test_a_secret_in_a_file_is_refused(
    emitted_project: EmittedProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    emitted_project.write("configs/base.yaml", "email:\n  password: hunter2\n")
    with pytest.raises(ConfigError, match=r"base.yaml:2: email.password is a secret") as caught:
        load_config()
    assert "hunter2" not in str(caught.value)
    monkeypatch.setenv("MAIL_PASSWORD", "hunter2")
    emitted_project.write("configs/base.yaml", "email:\n  password: ${MAIL_PASSWORD}\n")
    password = load_config().email.password
    assert password is not None and password.get_secret_value() == "hunter2"


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("platform: {config: {token: 'abc'}}", "platform.config.token is a secret"),
        ("platform: {config: {registry: {api_key: 'abc'}}}", "registry.api_key is a secret"),
        ("connections: {x: {extra: {client_secret: 'abc'}}}", "extra.client_secret is a secret"),
        ("variables: {SLACK_TOKEN: 'abc'}", "variables.SLACK_TOKEN is a secret"),
        ("params: {dbPassword: 'abc'}", "params.dbPassword is a secret"),
        ("mlflow: {tracking_uri: 'https://a:abc@host'}", "tracking_uri holds a password"),
        ("variables: {urls: ['https://host', 'db://a:abc@host/x']}", "urls holds a password"),
    ],
)
def test_a_secret_under_any_name_is_refused(
    emitted_project: EmittedProject, monkeypatch: pytest.MonkeyPatch, text: str, named: str
) -> None:
    monkeypatch.setenv("HELD", "abc")
    emitted_project.write("configs/base.yaml", text)
    with pytest.raises(ConfigError, match=named) as caught:
        load_config()
    assert "abc" not in str(caught.value)
    emitted_project.write("configs/base.yaml", text.replace("abc", "${HELD}"))
    load_config()


@pytest.mark.parametrize(
    "text",
    [
        "platform: {config: {token_path: abc, secret_name: abc, token: /run/token, password: ''}}",
        "variables: {secrets_in: vault, tokens: 3, token_count: 7}",
        "mlflow: {tracking_uri: 'https://host:443/a@b'}",
    ],
)
def test_what_only_names_a_secret_is_none(emitted_project: EmittedProject, text: str) -> None:
    emitted_project.write("configs/base.yaml", text)
    load_config()


def test_a_secret_of_zenml(zenml_store: Path, emitted_project: EmittedProject) -> None:
    Client().create_secret("config-test", {"password": "hunter2"})
    try:
        emitted_project.write(
            "configs/base.yaml", "email: {password: '${secret:config-test.password}'}\n"
        )
        password = load_config().email.password
        assert password is not None and password.get_secret_value() == "hunter2"
        emitted_project.write("configs/base.yaml", "email: {user: '${secret:config-test.x}'}\n")
        with pytest.raises(ConfigError, match=r":1: email.user .*'config-test', which has: passw"):
            load_config()
    finally:
        Client().delete_secret("config-test")
    emitted_project.write("configs/base.yaml", "a: ['${secret:config-test.x}']\n")
    with pytest.raises(ConfigError, match="zenml secret create config-test --x"):
        load_config()
    emitted_project.write("configs/base.yaml", "a: '${secret:nothing}'\n")
    with pytest.raises(ConfigError, match="without a key"):
        load_config()


def test_braces_that_are_no_reference_stay(emitted_project: EmittedProject) -> None:
    text = "${a b} ${1} $${X} $${secret:A.B} ${}"
    emitted_project.write("configs/base.yaml", yaml.safe_dump({"params": {"text": text}}))
    assert load_config().params["text"] == "${a b} ${1} ${X} ${secret:A.B} ${}"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("inference: {cap: 1, floor: 2}", "the cap 1 is below the floor 2"),
        ("output: {mode: merge}", "mode merge needs `keys`"),
        ("output: {mode: overwrite_partition}", "needs `partition`"),
        ("validation: {features: {columns: {A: {max_null_share: 2}}}}", "less than or equal to 1"),
    ],
)
def test_sections_that_contradict_themselves(
    emitted_project: EmittedProject, text: str, message: str
) -> None:
    emitted_project.write("configs/base.yaml", text)
    with pytest.raises(ConfigError, match=message):
        load_config()


def test_every_value_has_its_origin(
    layered: EmittedProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("API_TOKEN", "t0ken")
    monkeypatch.setenv("RUNTIME__CONNECTIONS__WH__PASSWORD", "s3cret")
    monkeypatch.setenv("RUNTIME__PARAMS__MARKET", "NL")
    layered.write(
        "configs/pipelines/sales_be.yaml",
        "inference:\n  batch_size: 3\nvariables:\n  api: ${API_TOKEN}\n  list: [x, '${API_TOKEN}']\n"
        "snowflake:\n  role: R\nconnections:\n  WH: {account: a}\nparams: {n: 1}\n",
    )
    found = {".".join(key): (value, origin) for key, value, origin in settings(DAG)}
    base = layered.root / "configs" / "base.yaml"
    own = layered.root / "configs" / "pipelines" / "sales_be.yaml"
    assert found["output.table"] == ("BASE", f"{base}:2")
    assert found["inference.batch_size"] == (3, f"{own}:2")
    assert found["inference.floor"][1].endswith("prod.yaml:1")
    assert found["output.mode"] == ("append", DEFAULT)
    assert found["connections.WH.role"] == ("R", f"{own}:7")
    password = "environment (RUNTIME__CONNECTIONS__WH__PASSWORD)"
    assert found["connections.WH.password"] == (HIDDEN, password)
    assert found["variables.api"] == ("${API_TOKEN}", f"{own}:4")
    assert found["variables.list"] == ("${API_TOKEN}", f"{own}:5")
    assert found["params.market"] == (
        "${RUNTIME__PARAMS__MARKET}",
        "environment (RUNTIME__PARAMS__MARKET)",
    )
    assert found["params.n"] == (1, f"{own}:10")
    assert "t0ken" not in str(found) and "s3cret" not in str(found)


def test_every_section_is_described() -> None:
    """The reference of the configuration is made of these descriptions."""
    for name in ("data", "model", "inference", "output", "validation", "monitoring"):
        section = RuntimeConfig.model_fields[name].annotation
        assert section is not None and section.__doc__
        for field in section.model_fields.values():
            assert field.description and field.description.endswith((".", "…"))
