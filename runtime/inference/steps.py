"""The steps of a batch inference pipeline; `definition` is the dotted path of its class."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import pandas as pd
from zenml import log_metadata, step

from runtime.functions import load_function
from runtime.inference.components import Rows
from runtime.inference.validation import DataQualityError, check_rules
from runtime.models import ModelReference
from runtime.tables import Table

if TYPE_CHECKING:
    from runtime.config import DataRules
    from runtime.inference.pipeline import BaseBatchInferencePipeline

logger = logging.getLogger(__name__)


@step(enable_cache=False)
def load_data(definition: str) -> pd.DataFrame | Table:
    """Load and prepare the features."""
    return _pipeline(definition).features()


@step(enable_cache=False)
def validate_features(features: pd.DataFrame | Table, definition: str) -> None:
    """Hold the features against the rules of `validation.features`."""
    _gate(features, _pipeline(definition).config.validation.features, "features")


@step(enable_cache=False)
def find_model(definition: str) -> ModelReference:
    """Pin the model of the run."""
    return _pipeline(definition).predictor().model()


@step(enable_cache=False)
def predict(
    features: pd.DataFrame | Table, model: ModelReference, definition: str
) -> pd.DataFrame | Table:
    """Predict and finish the predictions."""
    return _pipeline(definition).predictions(features, model)


@step(enable_cache=False)
def validate_predictions(predictions: pd.DataFrame | Table, definition: str) -> None:
    """Hold the predictions against the rules of `validation.predictions`."""
    _gate(predictions, _pipeline(definition).config.validation.predictions, "predictions")


@step(enable_cache=False)
def write_output(predictions: pd.DataFrame | Table, definition: str) -> int:
    """Write the predictions and give their number."""
    return _pipeline(definition).writer().write(predictions)


def _pipeline(definition: str) -> BaseBatchInferencePipeline:
    made: BaseBatchInferencePipeline = load_function(definition)()
    return made


def _gate(rows: Rows, rules: DataRules, what: str) -> None:
    violations = check_rules(rows, rules)
    found: list[dict[str, Any]] = [
        {"column": each.column, "rule": each.rule, "message": each.message} for each in violations
    ]
    log_metadata({"rows": len(rows), "violations": found})
    if not violations:
        return
    told = "; ".join(
        f"{each.column or 'table'}: {each.message} ({each.rule})" for each in violations
    )
    if rules.on_failure == "fail":
        raise DataQualityError(f"The {what} break {len(violations)} rules: {told}")
    logger.warning("The %s break %d rules: %s", what, len(violations), told)
