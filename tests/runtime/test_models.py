"""Models found in and loaded from a real MLflow registry on SQLite."""

from __future__ import annotations

import os
import socket
from concurrent.futures import ThreadPoolExecutor

import pandas as pd
import pytest

from runtime.config import MlflowConfig
from runtime.models import (
    ModelNotFoundError,
    ModelReference,
    _loaded,
    load_referenced_model,
    load_registered_model,
    resolve_model,
)


@pytest.mark.parametrize(
    ("alias", "version", "found"),
    [
        pytest.param("production", None, ("1", "production"), id="alias"),
        pytest.param("next", None, ("2", "next"), id="another alias"),
        pytest.param(None, "2", ("2", None), id="version"),
        pytest.param("production", 2, ("2", None), id="a version wins"),
    ],
)
def test_resolve(
    mlflow_config: MlflowConfig,
    alias: str | None,
    version: str | int | None,
    found: tuple[str, str | None],
) -> None:
    reference = resolve_model("revenue", alias=alias, version=version, config=mlflow_config)
    assert (reference.version, reference.alias) == found
    assert reference.run_id
    assert reference.uri == f"models:/revenue/{found[0]}"


def test_load_and_predict(mlflow_config: MlflowConfig) -> None:
    loaded = load_registered_model("revenue", alias="production", config=mlflow_config)
    assert loaded.signature is not None
    assert loaded.lineage.version == "1"
    assert loaded.model.predict(pd.DataFrame({"AMOUNT": [10.0], "COUNT": [1]})) == pytest.approx(21)
    again = load_registered_model("revenue", version=1, config=mlflow_config)
    assert again.model is loaded.model


def test_threads_share_one_model(mlflow_config: MlflowConfig) -> None:
    _loaded.cache_clear()
    reference = resolve_model("revenue", version=2, config=mlflow_config)
    with ThreadPoolExecutor(4) as pool:
        loaded = list(pool.map(lambda _: load_referenced_model(reference, mlflow_config), range(4)))
    assert len({id(each.model) for each in loaded}) == 1
    assert _loaded.cache_info().misses == 1


@pytest.mark.parametrize(
    ("name", "alias", "version", "message"),
    [
        pytest.param(
            "revenue",
            "champion",
            None,
            r"no alias 'champion'. Aliases: next \(version 2\), production \(version 1\). "
            "Versions: 1, 2",
            id="alias",
        ),
        pytest.param("revenue", None, "77", "no version 77. Aliases: next", id="version"),
        pytest.param("revenue", None, "one", "no version one", id="not a number"),
        pytest.param(
            "income", "production", None, "no model 'income'; it has: revenue", id="model"
        ),
    ],
)
def test_what_is_missing_is_named(
    mlflow_config: MlflowConfig, name: str, alias: str | None, version: str | None, message: str
) -> None:
    with pytest.raises(ModelNotFoundError, match=message):
        resolve_model(name, alias=alias, version=version, config=mlflow_config)


def test_neither_alias_nor_version(mlflow_config: MlflowConfig) -> None:
    with pytest.raises(ValueError, match="by `alias` or `version`"):
        resolve_model("revenue", config=mlflow_config)


def test_a_reference_is_small_and_complete() -> None:
    reference = ModelReference(name="m", version="3")
    assert ModelReference.model_validate_json(reference.model_dump_json()) == reference


def test_another_failure_is_not_taken_for_a_missing_model(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import mlflow
    from mlflow.exceptions import MlflowException

    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        nobody = f"http://127.0.0.1:{listener.getsockname()[1]}"
    try:
        with pytest.raises(MlflowException, match="API request"):
            resolve_model("revenue", alias="production", config=MlflowConfig(registry_uri=nobody))
    finally:
        # MLflow keeps the address in the environment as well, where child processes find it.
        mlflow.set_registry_uri("")
        os.environ.pop("MLFLOW_REGISTRY_URI")
