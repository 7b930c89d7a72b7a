"""What Airflow's Variables and connections became."""

from __future__ import annotations

import pytest

from runtime.connections import get_connection
from runtime.exceptions import VariableNotFoundError
from runtime.project import pipeline_identifier
from runtime.variables import get_variable
from tests.conftest import EmittedProject


@pytest.fixture
def project(emitted_project: EmittedProject, monkeypatch: pytest.MonkeyPatch) -> EmittedProject:
    """A project with variables and connections."""
    monkeypatch.setenv("SF_PASSWORD", "p:w/d")
    emitted_project.write(
        "configs/d.yaml",
        "variables: {text: abc, number: 3, table: '[1, 2]', tree: {a: 1}}\n"
        "connections:\n"
        "  sf: {account: acme, role: R, user: u@x, password: '${SF_PASSWORD}', schema: S, host: h,"
        " extra: {role: X}}\n"
        "  api: {type: http_api, host: api.example.com, port: 8080, extra: {timeout: 5}}\n"
        "  bare: {type: http}\n",
    )
    return emitted_project


def test_variables_are_text_unless_json_is_asked_for(project: EmittedProject) -> None:
    assert get_variable("text", dag_id="d") == "abc"
    assert get_variable("number", dag_id="d") == "3"
    assert get_variable("tree", dag_id="d") == '{"a": 1}'
    assert get_variable("table", deserialize_json=True, dag_id="d") == [1, 2]
    assert get_variable("tree", deserialize_json=True, dag_id="d") == {"a": 1}


def test_environment_wins(project: EmittedProject, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RUNTIME_VAR_TEXT", "[4]")
    assert get_variable("text", dag_id="d") == "[4]"
    assert get_variable("text", deserialize_json=True, dag_id="d") == [4]


def test_missing_variable(project: EmittedProject) -> None:
    assert get_variable("none", default=None, dag_id="d") is None
    with pytest.raises(
        VariableNotFoundError, match="'texts'.*Did you mean 'text'.*RUNTIME_VAR_TEXTS"
    ):
        get_variable("texts", dag_id="d")
    with pytest.raises(KeyError):
        get_variable("zzz")
    assert str(VariableNotFoundError()) == ""


def test_value_that_is_not_json_is_not_shown(project: EmittedProject) -> None:
    with pytest.raises(ValueError, match="'text' is not JSON") as caught:
        get_variable("text", deserialize_json=True, dag_id="d")
    assert "abc" not in str(caught.value)


def test_connection_has_airflows_names(project: EmittedProject) -> None:
    connection = get_connection("sf", dag_id="d")
    assert (connection.login, connection.password, connection.schema) == ("u@x", "p:w/d", "S")
    assert connection.extra_dejson == {"account": "acme", "role": "X"}
    assert connection.extra == '{"account": "acme", "role": "X"}'
    assert (str(connection), "p:w/d" in repr(connection)) == ("sf", False)


@pytest.mark.parametrize(
    ("conn_id", "uri"),
    [
        ("sf", "snowflake://u%40x:p%3Aw%2Fd@h/S?account=acme&role=X"),
        ("api", "http-api://api.example.com:8080/?__extra__=%7B%22timeout%22%3A+5%7D"),
        ("bare", "http:///"),
    ],
)
def test_uri(project: EmittedProject, conn_id: str, uri: str) -> None:
    assert get_connection(conn_id, dag_id="d").get_uri() == uri


@pytest.mark.parametrize(
    ("dag_id", "identifier"),
    [("tran-ds-ltv", "tran_ds_ltv"), ("a.b c", "a_b_c"), ("2024-x", "_2024_x"), ("../x", "___x")],
)
def test_identifier_of_a_dag(dag_id: str, identifier: str) -> None:
    assert pipeline_identifier(dag_id) == identifier
