"""Batch inference pipelines by hand: load, validate, predict, validate, write.

A pipeline is a class with a configuration; what is particular to it are its methods.
"""

from __future__ import annotations

from runtime.inference.components import (
    BaseDataLoader,
    BaseFeatureStore,
    BaseOutputWriter,
    BasePredictor,
    Rows,
)
from runtime.inference.features import add_date_parts, add_tenure, convert_currency
from runtime.inference.mlflow_model import MlflowPredictor
from runtime.inference.pipeline import BaseBatchInferencePipeline, BatchInferencePipeline
from runtime.inference.snowflake_tables import (
    SnowflakeDataLoader,
    SnowflakeFeatureStore,
    SnowflakeOutputWriter,
)
from runtime.inference.validation import DataQualityError, Violation, check_rules

__all__ = [
    "BaseBatchInferencePipeline",
    "BaseDataLoader",
    "BaseFeatureStore",
    "BaseOutputWriter",
    "BasePredictor",
    "BatchInferencePipeline",
    "DataQualityError",
    "MlflowPredictor",
    "Rows",
    "SnowflakeDataLoader",
    "SnowflakeFeatureStore",
    "SnowflakeOutputWriter",
    "Violation",
    "add_date_parts",
    "add_tenure",
    "check_rules",
    "convert_currency",
]
