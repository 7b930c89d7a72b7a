"""Fixtures of the runtime's tests: one warehouse per session, one schema of it per test."""

from __future__ import annotations

import uuid
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from runtime.config import ConnectionConfig, MlflowConfig
from runtime.models import pyfunc
from runtime.snowflake import connect, execute_sql
from runtime.warehouse import Endpoint, embedded_warehouse

if TYPE_CHECKING:
    from snowflake.connector import SnowflakeConnection

MODEL_NAME = "revenue"
# What stands in for the images of container services.
CONTAINER_IMAGES = {
    "/db/sc/repo/python:1": ["{python}", "-u"],
    "/db/sc/repo/shell:1": ["sh", "-c"],
}
Query = Callable[[str], list[tuple[Any, ...]]]


@pytest.fixture(scope="session")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Endpoint]:
    """An embedded warehouse in a process of its own."""
    folder = tmp_path_factory.mktemp("warehouse")
    with embedded_warehouse(folder, images=CONTAINER_IMAGES) as endpoint:
        yield endpoint


@pytest.fixture
def connection_config(warehouse: Endpoint) -> ConnectionConfig:
    """A connection whose schema no other test uses."""
    return ConnectionConfig.model_validate(
        warehouse.connection("TESTS", f"T_{uuid.uuid4().hex.upper()}")
    )


@pytest.fixture
def connection(connection_config: ConnectionConfig) -> Iterator[SnowflakeConnection]:
    """A session in the test's schema."""
    with connect(connection_config) as session:
        yield session


@pytest.fixture
def query(connection_config: ConnectionConfig) -> Iterator[Query]:
    """Runs SQL in another session of the test's schema and gives the last statement's rows."""
    with connect(connection_config) as session:
        yield lambda sql: execute_sql(session, sql)[-1].rows


@pytest.fixture
def data_folder(tmp_path: Path) -> Path:
    """A folder for a warehouse of the test's own."""
    return tmp_path / "warehouse"


@pytest.fixture(scope="session")
def mlflow_config(tmp_path_factory: pytest.TempPathFactory) -> MlflowConfig:
    """An MLflow store with the model `revenue`: two versions, aliases production and next.

    Version 1 predicts AMOUNT * 2 + COUNT, version 2 a hundred more.
    """
    pyfunc()
    import mlflow
    import mlflow.sklearn
    import numpy as np
    import pandas as pd
    from mlflow.models import infer_signature
    from sklearn.linear_model import LinearRegression

    folder = tmp_path_factory.mktemp("mlflow")
    config = MlflowConfig(tracking_uri=f"sqlite:///{folder / 'mlflow.db'}")
    mlflow.set_tracking_uri(str(config.tracking_uri))
    client = mlflow.MlflowClient()
    experiment = client.create_experiment("training", artifact_location=(folder / "art").as_uri())
    features = pd.DataFrame({"AMOUNT": np.arange(20.0) ** 2, "COUNT": np.arange(20)})
    with warnings.catch_warnings():
        # MLflow advises against integer columns, which are what the tests are about.
        warnings.simplefilter("ignore")
        for version, offset in (("1", 0), ("2", 100)):
            label = features["AMOUNT"] * 2 + features["COUNT"] + offset
            model = LinearRegression().fit(features, label)
            with mlflow.start_run(experiment_id=experiment):
                mlflow.sklearn.log_model(
                    model,
                    name=MODEL_NAME,
                    signature=infer_signature(features, label),
                    registered_model_name=MODEL_NAME,
                    pip_requirements=["scikit-learn"],
                )
            client.set_registered_model_alias(
                MODEL_NAME, "production" if version == "1" else "next", version
            )
    return config
