"""The warehouse, the model and the table that the measurement of inference uses."""

from __future__ import annotations

import json
import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FEATURES = [f"F{number}" for number in range(10)]
QUERY = f"SELECT ID, {', '.join(FEATURES)} FROM FEATURES"
PASSWORD = "BENCHMARK_PASSWORD"
CODE = '''
from runtime.inference import BatchInferencePipeline

class Benchmark(BatchInferencePipeline):
    """Measured."""

    name = "benchmark"

benchmark = Benchmark.build()
'''

IN_PARTS = """

from zenml import pipeline, step
from zenml.enums import ExecutionMode

from runtime.context import RunContext
from runtime.dagrun import DagRun, airflow_task, each
from runtime.models import ModelReference
from runtime.steps import batch_predict, load_features, load_model, write_predictions


@step(enable_cache=False)
@airflow_task
def predict_part(part: int, parts: int, model: ModelReference) -> int:
    features = load_features.entrypoint("features.sql", {"part": part, "parts": parts})
    predictions = batch_predict.entrypoint(
        features, model, "PREDICTION", keys=["ID"], batch_size=100_000
    )
    return int(write_predictions.entrypoint(
        predictions, "PREDICTIONS_IN_PARTS", partition={"PART": part}
    ))


@pipeline(dynamic=True, enable_cache=False, execution_mode=ExecutionMode.CONTINUE_ON_FAILURE)
def benchmark_in_parts(run: RunContext) -> None:
    parts = int(run.params["parts"])
    with DagRun(run) as dag:
        model = dag.task(load_model, "benchmark", version="1", id="load_model")
        dag.map(
            predict_part, part=each(list(range(parts))), parts=parts, model=model, id="predict"
        )
"""
PART_SQL = (
    f"SELECT ID, {', '.join(FEATURES)} FROM FEATURES "
    "WHERE MOD(ID, {{ params.parts }}) = {{ params.part }}"
)


@dataclass(frozen=True)
class Settings:
    """Where the project is, and how to reach the warehouse."""

    path: Path
    connection: dict[str, Any]

    def fill(self, rows: int) -> None:
        """Make the table of features anew, and an empty one for the predictions."""
        from runtime.config import ConnectionConfig
        from runtime.snowflake import connect, execute_sql

        columns = ", ".join(
            f"MOD(ID * {number + 3}, 1000) / 10.0 AS {name}" for number, name in enumerate(FEATURES)
        )
        with connect(ConnectionConfig.model_validate(self.connection)) as session:
            execute_sql(
                session,
                "CREATE OR REPLACE TABLE PREDICTIONS (ID NUMBER(38, 0), PREDICTION FLOAT);"
                "CREATE OR REPLACE TABLE PREDICTIONS_IN_PARTS"
                " (PART NUMBER(38, 0), ID NUMBER(38, 0), PREDICTION FLOAT);"
                f"CREATE OR REPLACE TABLE FEATURES AS SELECT ID, {columns} FROM "
                f"(SELECT SEQ4() AS ID FROM TABLE(GENERATOR(ROWCOUNT => {rows})))",
            )


@contextmanager
def prepared(folder: Path) -> Iterator[Settings]:
    """Start a warehouse, register a model, and write a project that uses both."""
    from runtime.warehouse import embedded_warehouse

    tracking = f"sqlite:///{folder / 'mlflow.db'}"
    _register(tracking, folder)
    with embedded_warehouse(folder / "warehouse") as endpoint:
        connection = endpoint.connection("BENCH", "PUBLIC")
        os.environ[PASSWORD] = str(connection["password"])
        project = folder / "project"
        for name, text in _files(connection, tracking).items():
            path = project / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        settings = project / "settings.json"
        settings.write_text(json.dumps({"tracking": tracking, "connection": connection}))
        yield Settings(settings, connection)


def _files(connection: dict[str, Any], tracking: str) -> dict[str, str]:
    document = {
        "connections": {"snowflake_default": {**connection, "password": f"${{{PASSWORD}}}"}},
        "mlflow": {"tracking_uri": tracking},
        "data": {"query": QUERY},
        "model": {"name": "benchmark", "version": "1"},
        "inference": {"keys": ["ID"], "output_column": "PREDICTION", "batch_size": 100_000},
        "output": {"table": "PREDICTIONS", "mode": "overwrite"},
    }
    # JSON is YAML.
    return {
        "pipelines/benchmark.py": CODE,
        "pipelines/benchmark_in_parts.py": IN_PARTS,
        "sql/features.sql": PART_SQL,
        "configs/base.yaml": json.dumps(document),
    }


def _register(tracking: str, folder: Path) -> None:
    from runtime.models import pyfunc

    pyfunc()
    import mlflow
    import mlflow.sklearn
    import numpy as np
    import pandas as pd
    from mlflow.models import infer_signature
    from sklearn.linear_model import LinearRegression

    mlflow.set_tracking_uri(tracking)
    experiment = mlflow.MlflowClient().create_experiment(
        "training", artifact_location=(folder / "artifacts").as_uri()
    )
    features = pd.DataFrame(np.random.default_rng(0).normal(size=(50, 10)), columns=FEATURES)
    label = features.sum(axis=1)
    model = LinearRegression().fit(features, label)
    with warnings.catch_warnings(), mlflow.start_run(experiment_id=experiment):
        warnings.simplefilter("ignore")
        mlflow.sklearn.log_model(
            model,
            name="benchmark",
            signature=infer_signature(features, label),
            registered_model_name="benchmark",
            pip_requirements=["scikit-learn"],
        )
