"""Trains the demonstration's model and registers it in MLflow as `ltv_be`, alias `production`.

    python -m fixtures_dags.demo.train --endpoint 127.0.0.1:4521 --mlflow build/demo/mlflow

The warehouse must be seeded. Predicts a customer's revenue over 36 months, in EUR, from what they
did in the first 6, 12 or 24. Prints name, version and quality as JSON.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.progress import Progress

from fixtures_dags.demo.endpoint import add_arguments, warehouse_connection
from runtime.config import ConnectionConfig
from runtime.snowflake import connect, read_frame

if TYPE_CHECKING:
    import pandas as pd

MODEL_NAME = "ltv_be"
ALIAS = "production"
LABEL = "LTV_EUR"
KEY = "CUSTOMER_ID"
AS_OF = "2024-06-01"
TRAINING_SQL = Path(__file__).with_name("training.sql")


@dataclass(frozen=True)
class TrainedModel:
    """The registered model and how well it predicts customers that it has not seen."""

    name: str
    version: str
    rows: int
    mean_absolute_error_eur: float
    r2: float


def tracking_uri(folder: Path) -> str:
    """The SQLite store in this folder."""
    return f"sqlite:///{folder.resolve() / 'mlflow.db'}"


def train(connection: ConnectionConfig, folder: Path) -> TrainedModel:
    """Train on the warehouse's data and register the model in `folder`. Progress goes to stderr."""
    with Progress(console=Console(stderr=True)) as progress:
        task = progress.add_task("Training data", total=3)
        with connect(connection, query_tag="demo train") as session:
            data = read_frame(session, TRAINING_SQL.read_text(encoding="utf-8"), {"as_of": AS_OF})
        if data.empty:
            raise SystemExit(
                "There are no customers to learn from. Run fixtures_dags.demo.seed first."
            )
        progress.update(task, description="Model", advance=1)
        model, metrics = fit(data)
        progress.update(task, description="MLflow registry", advance=1)
        version = register(model, data.drop(columns=[LABEL, KEY]), metrics, folder)
        progress.advance(task)
    return TrainedModel(
        MODEL_NAME, version, len(data), metrics["mean_absolute_error_eur"], metrics["r2"]
    )


def fit(data: pd.DataFrame) -> tuple[Any, dict[str, float]]:
    """Fit on four of five customers and measure on the fifth."""
    from sklearn.linear_model import Ridge
    from sklearn.metrics import mean_absolute_error, r2_score
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import PolynomialFeatures, StandardScaler

    # All classes here are ones that skops, MLflow's serialization, trusts by itself.
    model = make_pipeline(
        StandardScaler(),
        PolynomialFeatures(2, include_bias=False),
        StandardScaler(),
        Ridge(alpha=10.0),
    )
    held_out = data[KEY] % 5 == 0
    features, label = data.drop(columns=[LABEL, KEY]), data[LABEL]
    model.fit(features[~held_out], label[~held_out])
    predicted = model.predict(features[held_out])
    return model, {
        "mean_absolute_error_eur": round(float(mean_absolute_error(label[held_out], predicted)), 2),
        "r2": round(float(r2_score(label[held_out], predicted)), 4),
    }


def register(model: Any, features: pd.DataFrame, metrics: dict[str, float], folder: Path) -> str:
    """Log and register the model, with its signature, and move the alias; gives the version."""
    os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
    import mlflow
    import mlflow.sklearn
    import sklearn
    from mlflow.models import infer_signature

    folder.mkdir(parents=True, exist_ok=True)
    # Both: a registry named in the environment would win over the store.
    mlflow.set_tracking_uri(tracking_uri(folder))
    mlflow.set_registry_uri(tracking_uri(folder))
    client = mlflow.MlflowClient()
    experiment = client.get_experiment_by_name(MODEL_NAME)
    experiment_id = (
        experiment.experiment_id
        if experiment
        else client.create_experiment(
            MODEL_NAME, artifact_location=(folder.resolve() / "artifacts").as_uri()
        )
    )
    with mlflow.start_run(experiment_id=experiment_id, run_name="train"):
        mlflow.log_metrics(metrics)
        mlflow.log_params({"as_of": AS_OF, "rows": len(features)})
        info = mlflow.sklearn.log_model(
            model,
            name=MODEL_NAME,
            signature=infer_signature(features, model.predict(features.head())),
            registered_model_name=MODEL_NAME,
            # Stated, because finding them out takes MLflow ten seconds.
            pip_requirements=[f"scikit-learn=={sklearn.__version__}"],
        )
    client.set_registered_model_alias(MODEL_NAME, ALIAS, str(info.registered_model_version))
    return str(info.registered_model_version)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the script."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add_arguments(parser)
    parser.add_argument(
        "--mlflow", type=Path, required=True, help="folder of the MLflow store (SQLite, artifacts)"
    )
    options = parser.parse_args(arguments)
    with warehouse_connection(options) as connection:
        print(json.dumps(asdict(train(connection, options.mlflow))))
    return 0


if __name__ == "__main__":
    sys.exit(main())
