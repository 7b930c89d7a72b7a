"""Predictions of a model of MLflow's registry."""

from __future__ import annotations

from runtime.config import InferenceConfig, ModelConfig, OutputConfig
from runtime.exceptions import ConfigError
from runtime.inference.components import BasePredictor, Rows
from runtime.models import ModelReference
from runtime.steps.model import load_model
from runtime.steps.predict import batch_predict


class MlflowPredictor(BasePredictor):
    """Predicts as the configuration's sections `model` and `inference` say."""

    def __init__(
        self, model: ModelConfig, inference: InferenceConfig, output: OutputConfig
    ) -> None:
        """Use these sections; `output` has the table for the rows in quarantine.

        Raises `ConfigError` where no model is named.
        """
        if model.name is None:
            raise ConfigError("`model.name` is not set: name a model of the registry.")
        self.name = model.name
        self.wanted = model
        self.inference = inference
        self.output = output

    def model(self) -> ModelReference:
        """Pin the version of the run, see `runtime.steps.load_model`."""
        reference: ModelReference = load_model.entrypoint(
            self.name, self.wanted.alias, self.wanted.version
        )
        return reference

    def predict(self, features: Rows, model: ModelReference) -> Rows:
        """Predict, see `runtime.steps.batch_predict`."""
        settings = self.inference
        predictions: Rows = batch_predict.entrypoint(
            features,
            model,
            output_column=settings.output_column,
            keys=list(settings.keys),
            batch_size=settings.batch_size,
            cap=settings.cap,
            floor=settings.floor,
            round_to=settings.round_to,
            columns=dict(settings.columns),
            rename=dict(settings.rename),
            postprocess=settings.postprocess,
            on_error=settings.on_error,
            max_quarantined_share=settings.max_quarantined_share,
            quarantine_table=self.output.quarantine_table,
            connection=self.output.connection,
            processes=settings.processes,
        )
        return predictions
