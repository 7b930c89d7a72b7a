"""Airflow's lookup classes over the emitted configuration."""

from __future__ import annotations

import pytest

from runtime.airflow_names import BaseHook, Variable
from runtime.exceptions import ConfigError, VariableNotFoundError
from tests.conftest import EmittedProject

CONFIG = """
variables: {bucket: raw, limits: {rows: 5}}
connections: {crm: {type: http, host: crm.example.com, user: etl}}
"""


@pytest.fixture(autouse=True)
def _config(emitted_project: EmittedProject) -> None:
    emitted_project.write("configs/base.yaml", CONFIG)


def test_variables() -> None:
    assert Variable.get("bucket") == "raw"
    assert Variable.get("limits", deserialize_json=True) == {"rows": 5}
    assert Variable.get("limits") == '{"rows": 5}'
    assert Variable.get("gone", "fallback") == "fallback"
    assert Variable.get("gone", default_var=None) is None
    assert Variable.get("gone", default=3) == 3
    with pytest.raises(VariableNotFoundError, match="gone"):
        Variable.get("gone")
    with pytest.raises(KeyError):
        Variable.get("gone")


def test_connections() -> None:
    connection = BaseHook.get_connection("crm")
    assert (connection.host, connection.login) == ("crm.example.com", "etl")
    with pytest.raises(ConfigError, match="crm"):
        BaseHook.get_connection("crmm")
