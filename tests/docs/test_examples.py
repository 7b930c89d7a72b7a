"""The configuration files that the documentation shows are valid."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from runtime.config import load_config
from transpiler.config import load_migration_config
from transpiler.config.models import BatchInference

DOCS = Path(__file__).parents[2] / "docs"
FENCE = re.compile(r"^```yaml\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def yaml_of(page: str) -> str:
    """The one YAML example of a page."""
    (example,) = FENCE.findall((DOCS / page).read_text(encoding="utf-8"))
    return str(example)


def test_migration_yaml(tmp_path: Path) -> None:
    file = tmp_path / "migration.yaml"
    file.write_text(yaml_of("migration-config.md"), encoding="utf-8")

    config = load_migration_config(file, tmp_path)

    mode = config.container_mode("registry.example.com/ds/ltv-inference:1.14.2")
    assert isinstance(mode, BatchInference)
    assert mode.keys == ["CUSTOMER_ID"]
    assert config.excludes("dags/archive/old.py")


def test_configuration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "configs").mkdir()
    file = tmp_path / "configs" / "tran_ds_ltv_acquisition_be_inference.yaml"
    file.write_text(yaml_of("configuration.md"), encoding="utf-8")
    monkeypatch.setenv("RUNTIME_PROJECT_ROOT", str(tmp_path))
    monkeypatch.setenv("SNOWFLAKE_PASSWORD", "not a password")
    monkeypatch.setenv("INCIDENT_IO_TOKEN", "not a token")
    monkeypatch.setenv("RUNTIME__SNOWFLAKE__WAREHOUSE", "BATCH_WH")

    config = load_config("tran-ds-ltv-acquisition-be-inference")

    connection = config.connection("snowflake_default")
    assert (connection.account, connection.warehouse) == ("acme-eu", "BATCH_WH")
    assert config.platform.images == {"registry.example.com/ds/report": ["python", "-m", "report"]}
    assert config.variables == {"fx_source": "ECB"}
