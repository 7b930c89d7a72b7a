"""Features from Snowflake, predictions into it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from runtime.config import DataConfig, OutputConfig
from runtime.context import current_run, task_id
from runtime.exceptions import ConfigError
from runtime.inference.components import BaseDataLoader, BaseFeatureStore, BaseOutputWriter, Rows
from runtime.snowflake import TableName, read_arrow
from runtime.snowflake.identifiers import quote
from runtime.steps.features import frame_or_table, load_features
from runtime.steps.session import snowflake_session
from runtime.steps.write import write_predictions

if TYPE_CHECKING:
    from datetime import datetime


class SnowflakeDataLoader(BaseDataLoader):
    """The rows of the query of the configuration's section `data`."""

    def __init__(self, config: DataConfig) -> None:
        """Use this section. Raises `ConfigError` where it has no query."""
        if config.query is None:
            raise ConfigError("`data.query` is not set: name a file of the query library.")
        self.config = config
        self.query = config.query

    def load(self) -> Rows:
        """Run the query, see `runtime.steps.load_features`."""
        rows: Rows = load_features.entrypoint(
            self.query,
            dict(self.config.parameters),
            self.config.connection,
            self.config.timeout_seconds,
        )
        return rows


class SnowflakeOutputWriter(BaseOutputWriter):
    """Writes into the table of the configuration's section `output`."""

    def __init__(self, config: OutputConfig) -> None:
        """Use this section. Raises `ConfigError` where it has no table."""
        if config.table is None:
            raise ConfigError("`output.table` is not set: name an existing table.")
        self.config = config
        self.table = config.table

    def write(self, predictions: Rows) -> int:
        """Write all rows or none, see `runtime.steps.write_predictions`."""
        rows: int = write_predictions.entrypoint(
            predictions,
            self.table,
            self.config.mode,
            list(self.config.keys),
            dict(self.config.partition),
            self.config.connection,
        )
        return rows


class SnowflakeFeatureStore(BaseFeatureStore):
    """Feature views that are tables or views with a timestamp of when a row became known."""

    def __init__(
        self, connection: str = "snowflake_default", timestamp: str = "EVENT_TIME"
    ) -> None:
        """Use this connection; `timestamp` is the column by which rows are dated."""
        self.connection = connection
        self.timestamp = timestamp

    def read(self, view: str, *, keys: Sequence[str], as_of: datetime) -> Rows:
        """Give the newest row of each key that is not newer than `as_of`."""
        if not keys:
            raise ValueError("Name the columns that identify an entity: `keys`.")
        with snowflake_session(self.connection, current_run(), task_id()) as session:
            table = TableName.parse(view).within(session.database, session.schema)
            dated = quote(self.timestamp)
            by = ", ".join(quote(key) for key in keys)
            sql = (
                f"SELECT * FROM {table} WHERE {dated} <= %s "
                f"QUALIFY ROW_NUMBER() OVER (PARTITION BY {by} ORDER BY {dated} DESC) = 1"
            )
            return frame_or_table(read_arrow(session, sql, [as_of]))
