"""Batch inference, third step: predictions, tracked in MLflow."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from typing import Any, Literal

import pandas as pd
from pydantic import JsonValue
from zenml import log_metadata, step
from zenml.metadata.metadata_types import MetadataType

from runtime.config import RuntimeConfig, load_config
from runtime.context import RunContext, current_run, task_id
from runtime.models import ModelReference, load_referenced_model, pyfunc, use_servers
from runtime.platforms.served import served_model
from runtime.prediction import (
    Figures,
    Postprocess,
    PredictionError,
    PredictionPlan,
    Predictions,
    Quarantine,
    predict_stream,
)
from runtime.progress import Progress
from runtime.snowflake import write_frame
from runtime.steps.session import snowflake_session
from runtime.tables import Table, table_from
from runtime.templates import render
from runtime.timeouts import time_limit

logger = logging.getLogger(__name__)


@step(enable_cache=False)
def batch_predict(
    features: pd.DataFrame | Table,
    model: ModelReference,
    output_column: str = "prediction",
    keys: list[str] | None = None,
    batch_size: int = 1000,
    cap: float | None = None,
    floor: float | None = None,
    round_to: int | None = None,
    columns: dict[str, JsonValue] | None = None,
    rename: dict[str, str] | None = None,
    postprocess: str | None = None,
    on_error: Literal["fail", "quarantine"] = "fail",
    max_quarantined_share: float = 0.01,
    quarantine_table: str | None = None,
    connection: str = "snowflake_default",
    processes: int = 1,
    timeout_seconds: float | None = None,
) -> pd.DataFrame | Table:
    """Predict every row of the features, in their order.

    The result has the columns `keys` of the features, the prediction in `output_column`, not above
    `cap`, not below `floor` and rounded to `round_to` digits, and `columns`: constants by name,
    whose templates also know `model.name`, `model.version`, `model.alias` and `model.run_id`.
    `postprocess` is the dotted path of a function from DataFrame to DataFrame, for each batch;
    `rename` gives new names of columns. `processes` predict side by side. Where the
    configuration's `platform.models` names the model, the platform's service predicts.

    With `on_error="quarantine"`, rows that the model cannot predict go to `quarantine_table`, an
    existing table (`RUN_ID`, `TASK_ID`, `REASON`, `FEATURES` text, `ROW_NUMBER` number), and more
    than `max_quarantined_share` of them end the step.

    Number, speed and distribution of the predictions go to the step's metadata, and to an MLflow
    run as the configuration's section `monitoring` says.
    """
    run, task = current_run(), task_id()
    constants = render(columns or {}, run, task, extra={"model": model})
    plan = PredictionPlan(
        batch_size,
        tuple(keys or ()),
        output_column,
        Postprocess(cap, floor, round_to),
        constants,
        postprocess,
        rename or {},
        on_error,
    )
    if on_error == "quarantine" and quarantine_table is None:
        raise PredictionError('on_error="quarantine" needs `quarantine_table`, an existing table.')
    settings = load_config()
    config = settings.mlflow
    # Not within the time limit: an import that is interrupted stays broken for the whole process.
    pyfunc()
    quarantine = Quarantine(max_quarantined_share)
    figures = Figures()
    began = time.monotonic()
    with time_limit(timeout_seconds):
        served = served_model(model, settings)
        loaded = served or load_referenced_model(model, config)
        # A service has processes of its own.
        processes = 1 if served else processes
        frames = features.frames() if isinstance(features, Table) else [features]
        batches = predict_stream(loaded, frames, plan, processes=processes, config=config)
        column = plan.rename.get(output_column, output_column)
        predicted = _counted(batches, quarantine, figures, column, len(features))
        predictions = _collect(predicted, in_files=isinstance(features, Table))
        quarantine.check()
        summary = {**figures.summary(), **_speed(figures, time.monotonic() - began)}
        if on_error == "quarantine":
            summary["quarantined_rows"] = float(len(quarantine))
            _write_quarantine(quarantine, str(quarantine_table), connection, run, task)
        noted: dict[str, MetadataType] = {**summary}
        if settings.monitoring.enabled:
            noted["mlflow_run_id"] = track(summary, model, run, task, settings)
    log_metadata(noted)
    logger.info("%s predicted %d rows: %s", model.uri, len(predictions), summary)
    return predictions


def _counted(
    batches: Iterator[Predictions],
    quarantine: Quarantine,
    figures: Figures,
    column: str,
    total: int,
) -> Iterator[pd.DataFrame]:
    progress = Progress("Predicted", total)
    for predictions in batches:
        quarantine.add(predictions)
        progress.add(len(predictions.frame) + len(predictions.rejected))
        if column in predictions.frame:
            figures.add(predictions.frame[column])
        yield predictions.frame


def _collect(frames: Iterator[pd.DataFrame], *, in_files: bool) -> pd.DataFrame | Table:
    if in_files:
        return table_from(frames)
    found = list(frames)
    return found[0] if len(found) == 1 else pd.concat(found, ignore_index=True)


def _speed(figures: Figures, seconds: float) -> dict[str, float]:
    return {"seconds": seconds, "rows_per_second": (figures.rows + figures.nulls) / seconds}


def _write_quarantine(
    quarantine: Quarantine, table: str, connection: str, run: RunContext, task: str
) -> None:
    """Write the rows with the run's id, so that a repetition replaces them."""
    table, connection = render((table, connection), run, task)
    partition = {"RUN_ID": run.run_id, "TASK_ID": task}
    with snowflake_session(connection, run, task) as session:
        write_frame(
            session, quarantine.frame(), table, mode="overwrite_partition", partition=partition
        )


def track(
    figures: dict[str, float],
    model: ModelReference,
    run: RunContext,
    task: str,
    config: RuntimeConfig,
) -> str:
    """Log a prediction run in MLflow and give its id.

    The experiment is that of the section `monitoring`, or has the DAG's id.
    """
    import mlflow
    from mlflow.entities import Metric

    use_servers(config.mlflow)
    name = config.monitoring.experiment or run.dag_id
    tags = {
        "dag_id": run.dag_id,
        "task_id": task,
        "run_id": run.run_id,
        "logical_date": run.logical_date.isoformat(),
        "model_name": model.name,
        "model_version": model.version,
    }
    client = mlflow.MlflowClient()
    experiment_id = _experiment(client, name)
    started = client.create_run(experiment_id, run_name=f"{task} {run.run_id}", tags=tags)
    now = int(time.time() * 1000)
    metrics = [Metric(name, value, timestamp=now, step=0) for name, value in figures.items()]
    client.log_batch(started.info.run_id, metrics)
    client.set_terminated(started.info.run_id)
    return str(started.info.run_id)


def _experiment(client: Any, name: str) -> str:
    """Give the id of an experiment, made where there is none; mapped steps may do so at a time."""
    from mlflow.exceptions import MlflowException

    if found := client.get_experiment_by_name(name):
        return str(found.experiment_id)
    try:
        return str(client.create_experiment(name))
    except MlflowException:
        made = client.get_experiment_by_name(name)
        if made is None:
            raise
        return str(made.experiment_id)
