"""Batch inference, third step: predictions, tracked in MLflow."""

from __future__ import annotations

import logging

import pandas as pd
from pydantic import JsonValue
from zenml import log_metadata, step

from runtime.config import MlflowConfig, load_config
from runtime.context import RunContext, current_run, task_id
from runtime.models import ModelReference, load_referenced_model, pyfunc, use_servers
from runtime.predict import Postprocess, predict_frame, summarize
from runtime.templates import render
from runtime.timeouts import time_limit

logger = logging.getLogger(__name__)


@step(enable_cache=False)
def batch_predict(
    features: pd.DataFrame,
    model: ModelReference,
    output_column: str = "prediction",
    keys: list[str] | None = None,
    batch_size: int = 1000,
    cap: float | None = None,
    floor: float | None = None,
    round_to: int | None = None,
    columns: dict[str, JsonValue] | None = None,
    timeout_seconds: float | None = None,
) -> pd.DataFrame:
    """Predict every row of the features, in their order.

    The result has the columns `keys` of the features, the prediction in `output_column`, not above
    `cap`, not below `floor` and rounded to `round_to` digits, and `columns`: constants by name,
    whose templates also know `model.name`, `model.version`, `model.alias` and `model.run_id`.
    Number and distribution of the predictions go to an MLflow run in the DAG's experiment and to
    the step's metadata.
    """
    run, task = current_run(), task_id()
    constants = render(columns or {}, run, task, extra={"model": model})
    config = load_config().mlflow
    # Not within the time limit: an import that is interrupted stays broken for the whole process.
    pyfunc()
    with time_limit(timeout_seconds):
        predictions = predict_frame(
            load_referenced_model(model, config),
            features,
            batch_size=batch_size,
            keep=keys or [],
            output=output_column,
            postprocess=Postprocess(cap, floor, round_to),
            constants=constants,
        )
        figures = summarize(predictions[output_column])
        mlflow_run = track(figures, model, run, task, config)
    log_metadata({**figures, "mlflow_run_id": mlflow_run})
    logger.info("%s predicted %d rows: %s", model.uri, len(predictions), figures)
    return predictions


def track(
    figures: dict[str, float],
    model: ModelReference,
    run: RunContext,
    task: str,
    config: MlflowConfig,
) -> str:
    """Log a prediction run in MLflow and give its id. The experiment has the DAG's id."""
    import mlflow

    use_servers(config)
    experiment = mlflow.get_experiment_by_name(run.dag_id)
    experiment_id = (
        experiment.experiment_id
        if experiment
        else mlflow.MlflowClient().create_experiment(run.dag_id)
    )
    tags = {
        "dag_id": run.dag_id,
        "task_id": task,
        "run_id": run.run_id,
        "logical_date": run.logical_date.isoformat(),
        "model_name": model.name,
        "model_version": model.version,
    }
    client = mlflow.MlflowClient()
    started = client.create_run(experiment_id, run_name=f"{task} {run.run_id}", tags=tags)
    for name, value in figures.items():
        client.log_metric(started.info.run_id, name, value)
    client.set_terminated(started.info.run_id)
    return str(started.info.run_id)
