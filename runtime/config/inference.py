"""The sections that a batch inference pipeline reads, see `runtime.inference`."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, JsonValue, model_validator

from runtime.config.section import Section

Share = Annotated[float, Field(ge=0, le=1)]
Name = Annotated[str, Field(min_length=1)]


class DataConfig(Section):
    """Where the features come from."""

    query: Name | None = Field(
        default=None, description="A file of the query library (`*.sql`), or SQL text."
    )
    parameters: dict[str, JsonValue] = Field(
        default_factory=dict, description="What the query sees as `params`; templates are rendered."
    )
    connection: Name = Field(default="snowflake_default", description="A name under `connections`.")
    timeout_seconds: float | None = Field(
        default=None, gt=0, description="How long the query may take; without it, for ever."
    )


class ModelConfig(Section):
    """Which registered model predicts: a version, or else an alias."""

    name: Name | None = Field(default=None, description="The model's name in MLflow's registry.")
    alias: Name | None = Field(default="production", description="An alias of the model.")
    version: Name | None = Field(default=None, description="A version, which wins over `alias`.")


class InferenceConfig(Section):
    """How predictions are made of features."""

    batch_size: int = Field(default=10_000, ge=1, description="Rows for each call of the model.")
    keys: list[Name] = Field(
        default_factory=list, description="Columns of the features that the predictions keep."
    )
    output_column: Name = Field(
        default="prediction", description="The column that holds the prediction."
    )
    cap: float | None = Field(default=None, description="No prediction is above this.")
    floor: float | None = Field(default=None, description="No prediction is below this.")
    round_to: int | None = Field(default=None, description="Digits after the point.")
    rename: dict[Name, Name] = Field(
        default_factory=dict, description="New names of columns of the predictions, by old names."
    )
    columns: dict[str, JsonValue] = Field(
        default_factory=dict,
        description="Constant columns; templates also know `model.name`, `model.version`, …",
    )
    postprocess: Name | None = Field(
        default=None, description="Dotted path of a function that takes and gives a DataFrame."
    )
    on_error: Literal["fail", "quarantine"] = Field(
        default="fail",
        description="Whether rows that cannot be predicted end the run, or go to quarantine.",
    )
    max_quarantined_share: Share = Field(
        default=0.01, description="More than this share of all rows in quarantine ends the run."
    )
    processes: int = Field(
        default=1, ge=1, le=64, description="Processes that predict side by side."
    )

    @model_validator(mode="after")
    def _limits_agree(self) -> InferenceConfig:
        if self.cap is not None and self.floor is not None and self.cap < self.floor:
            raise ValueError(f"the cap {self.cap:g} is below the floor {self.floor:g}")
        return self


class OutputConfig(Section):
    """Where the predictions go."""

    table: Name | None = Field(default=None, description="An existing table.")
    mode: Literal["append", "overwrite", "overwrite_partition", "merge"] = Field(
        default="append", description="How rows are written, see `runtime.snowflake.write_frame`."
    )
    keys: list[Name] = Field(default_factory=list, description="Columns that identify a row.")
    partition: dict[str, JsonValue] = Field(
        default_factory=dict,
        description='Columns with one value in all rows, e.g. `RUN_DATE: "{{ ds }}"`.',
    )
    connection: Name = Field(default="snowflake_default", description="A name under `connections`.")
    quarantine_table: Name | None = Field(
        default=None, description="An existing table for the rows in quarantine and their reasons."
    )

    @model_validator(mode="after")
    def _mode_has_what_it_needs(self) -> OutputConfig:
        if self.mode == "merge" and not self.keys:
            raise ValueError("mode merge needs `keys`, the columns that identify a row")
        if self.mode == "overwrite_partition" and not self.partition:
            raise ValueError("mode overwrite_partition needs `partition`")
        return self


class ColumnRule(Section):
    """What the values of one column must be."""

    type: Literal["integer", "number", "text", "boolean", "date", "timestamp"] | None = Field(
        default=None, description="The kind of the values."
    )
    required: bool = Field(default=True, description="Whether the column must be there.")
    max_null_share: Share = Field(default=1, description="At most this share may be missing.")
    minimum: float | None = Field(default=None, description="The least value.")
    maximum: float | None = Field(default=None, description="The greatest value.")
    allowed: list[JsonValue] | None = Field(default=None, description="The only values.")
    pattern: str | None = Field(default=None, description="A regular expression for whole values.")
    unique: bool = Field(default=False, description="Whether no value comes twice.")


class DataRules(Section):
    """What a table of features or predictions must hold."""

    min_rows: int = Field(default=0, ge=0, description="At least so many rows.")
    max_rows: int | None = Field(default=None, ge=0, description="At most so many rows.")
    columns: dict[Name, ColumnRule] = Field(default_factory=dict, description="Rules by column.")
    on_failure: Literal["fail", "warn"] = Field(
        default="fail", description="Whether broken rules end the run, or are only noted."
    )


class ValidationConfig(Section):
    """The gates before and after the model."""

    features: DataRules = Field(default_factory=DataRules, description="Rules for the features.")
    predictions: DataRules = Field(
        default_factory=DataRules, description="Rules for the predictions."
    )


class MonitoringConfig(Section):
    """What is told about a run's predictions."""

    enabled: bool = Field(default=True, description="Whether figures go to an MLflow run.")
    experiment: Name | None = Field(
        default=None, description="MLflow's experiment; without it, the pipeline's id."
    )
