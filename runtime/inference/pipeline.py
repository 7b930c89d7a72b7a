"""A batch inference pipeline as a class.

The method that makes the pipeline gives ZenML a plain static pipeline of six steps.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from runtime.config import RuntimeConfig, config_overrides, load_config
from runtime.context import RunContext
from runtime.inference.components import (
    BaseDataLoader,
    BaseOutputWriter,
    BasePredictor,
    Rows,
    each_frame,
)
from runtime.inference.mlflow_model import MlflowPredictor
from runtime.inference.snowflake_tables import SnowflakeDataLoader, SnowflakeOutputWriter
from runtime.project import pipeline_identifier

if TYPE_CHECKING:
    import pandas as pd
    from zenml.config import StepRetryConfig
    from zenml.pipelines.pipeline_definition import Pipeline

    from runtime.models import ModelReference


class BaseBatchInferencePipeline(ABC):
    """Load, validate, find the model, predict, validate, write; each a step.

    A subclass names itself by `name` and gives the parts. `overrides` lie over the configuration's
    files. The hooks `prepare` and `finish` see a DataFrame, of many rows one batch after another.
    """

    name: ClassVar[str]
    tags: ClassVar[Sequence[str]] = ()
    overrides: ClassVar[Mapping[str, Any]] = {}
    retry: ClassVar[StepRetryConfig | None] = None
    on_failure: ClassVar[str | None] = None

    @cached_property
    def config(self) -> RuntimeConfig:
        """The configuration of the pipeline. Raises `ConfigError`."""
        with config_overrides(self.overrides):
            return load_config(self.name)

    @abstractmethod
    def loader(self) -> BaseDataLoader:
        """Give what reads the features."""

    @abstractmethod
    def predictor(self) -> BasePredictor:
        """Give what predicts."""

    @abstractmethod
    def writer(self) -> BaseOutputWriter:
        """Give what writes the predictions."""

    def prepare(self, features: pd.DataFrame) -> pd.DataFrame:
        """Make features of the loaded columns; as they are unless a subclass says otherwise."""
        return features

    def finish(self, predictions: pd.DataFrame) -> pd.DataFrame:
        """Change the predictions before they are validated and written."""
        return predictions

    def features(self) -> Rows:
        """Load and prepare the features."""
        return self._hooked("prepare", self.loader().load())

    def predictions(self, features: Rows, model: ModelReference) -> Rows:
        """Predict and finish the predictions."""
        return self._hooked("finish", self.predictor().predict(features, model))

    def _hooked(self, hook: str, rows: Rows) -> Rows:
        """Send the rows through a hook; one that is not overridden costs no pass over them."""
        if getattr(type(self), hook) is getattr(BaseBatchInferencePipeline, hook):
            return rows
        return each_frame(rows, getattr(self, hook))

    @classmethod
    def build(cls) -> Pipeline:
        """Make the pipeline for ZenML, to be bound to a name in the module of the class."""
        from zenml import pipeline

        from runtime.inference import steps

        definition = f"{cls.__module__}.{cls.__qualname__}"
        options: dict[str, Any] = {"retry": cls.retry} if cls.retry is not None else {}

        def batch_inference(run: RunContext) -> None:
            features = steps.load_data.with_options(**options)(definition)
            steps.validate_features(features, definition)
            model = steps.find_model.with_options(**options)(definition)
            predictions = steps.predict.with_options(**options)(
                features, model, definition, after="validate_features"
            )
            steps.validate_predictions(predictions, definition)
            steps.write_output.with_options(**options)(
                predictions, definition, after="validate_predictions"
            )

        # ZenML and `dag2zen run` find a pipeline by its function's module and name.
        batch_inference.__module__ = cls.__module__
        batch_inference.__name__ = batch_inference.__qualname__ = pipeline_identifier(cls.name)
        batch_inference.__doc__ = cls.__doc__
        made: Pipeline = pipeline(
            name=cls.name, enable_cache=False, tags=list(cls.tags), on_failure=cls.on_failure
        )(batch_inference)
        return made


class BatchInferencePipeline(BaseBatchInferencePipeline):
    """Features from Snowflake, a model of MLflow's registry, predictions into Snowflake.

    All that it needs is configuration: the sections `data`, `model`, `inference`, `output` and
    `validation`.
    """

    def loader(self) -> BaseDataLoader:
        """Read the query of the section `data`."""
        return SnowflakeDataLoader(self.config.data)

    def predictor(self) -> BasePredictor:
        """Predict by the sections `model` and `inference`."""
        return MlflowPredictor(self.config.model, self.config.inference, self.config.output)

    def writer(self) -> BaseOutputWriter:
        """Write into the table of the section `output`."""
        return SnowflakeOutputWriter(self.config.output)
