"""What a model asks for, held against what is installed."""

from __future__ import annotations

import logging
import platform
from importlib import metadata
from pathlib import Path

import pytest

from runtime.config import MlflowConfig
from runtime.model_requirements import difference, warn_of_differences
from runtime.models import _loaded, load_registered_model

PANDAS = metadata.version("pandas")


@pytest.mark.parametrize(
    ("requirement", "found"),
    [
        pytest.param(f"pandas=={PANDAS}", None, id="met"),
        pytest.param("Scikit_Learn", None, id="any version, another spelling"),
        pytest.param("pandas==0.1", f"pandas==0.1 (installed: {PANDAS})", id="another version"),
        pytest.param("no-such-package>1", "no-such-package>1 (not installed)", id="missing"),
        pytest.param("pandas==0.1; python_version < '3'", None, id="of another Python"),
        pytest.param("./wheels/own.whl", None, id="a path"),
        pytest.param("own @ https://example.com/own.whl", None, id="an address"),
        pytest.param("--pre", None, id="an option"),
        pytest.param("", None, id="empty"),
    ],
)
def test_difference(requirement: str, found: str | None) -> None:
    assert difference(requirement) == found


@pytest.mark.parametrize("python", [None, platform.python_version()])
def test_a_model_that_fits(tmp_path: Path, python: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, "runtime.model_requirements"):
        warn_of_differences(tmp_path, python)
        (tmp_path / "requirements.txt").write_text(f"pandas=={PANDAS}\n", encoding="utf-8")
        warn_of_differences(tmp_path, python)
    assert not caplog.records


def test_a_model_of_another_environment_is_told(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "requirements.txt").write_text("pandas==0.1\nno-such\n", encoding="utf-8")
    with caplog.at_level(logging.WARNING, "runtime.model_requirements"):
        warn_of_differences(tmp_path, "2.7.18")
    (record,) = caplog.records
    here = platform.python_version()
    assert record.getMessage() == (
        f"The model asks for Python 2.7.18 (this is {here}), pandas==0.1 (installed: {PANDAS}), "
        "no-such (not installed). Its predictions may differ; install what it asks for."
    )


def test_a_model_of_the_registry_is_checked(
    mlflow_config: MlflowConfig, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nothing(name: str) -> str:
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr("runtime.model_requirements.metadata.version", nothing)
    _loaded.cache_clear()
    with caplog.at_level(logging.WARNING, "runtime.model_requirements"):
        load_registered_model("revenue", alias="production", config=mlflow_config)
    assert "(not installed)" in caplog.text
