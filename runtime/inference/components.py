"""The parts of a batch inference pipeline that a team may replace."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

import pandas as pd

from runtime.models import ModelReference
from runtime.tables import Table, table_from

if TYPE_CHECKING:
    from datetime import datetime

Rows = pd.DataFrame | Table
"""Few rows as a DataFrame, many in files."""


class BaseDataLoader(ABC):
    """Reads the features of a run."""

    @abstractmethod
    def load(self) -> Rows:
        """Give one row for each entity to predict. Called in a step, see `current_run`."""


class BasePredictor(ABC):
    """Finds a model and predicts with it."""

    @abstractmethod
    def model(self) -> ModelReference:
        """Pin the model of the run."""

    @abstractmethod
    def predict(self, features: Rows, model: ModelReference) -> Rows:
        """Give the predictions of the features, in their order."""


class BaseOutputWriter(ABC):
    """Writes the predictions of a run."""

    @abstractmethod
    def write(self, predictions: Rows) -> int:
        """Write all rows or none, and give their number."""


class BaseFeatureStore(ABC):
    """Serves features as they were known at a moment."""

    @abstractmethod
    def read(self, view: str, *, keys: Sequence[str], as_of: datetime) -> Rows:
        """Give the newest row of each key of a feature view that is not newer than `as_of`."""


def each_frame(rows: Rows, change: Callable[[pd.DataFrame], pd.DataFrame]) -> Rows:
    """Change rows, many of them batch by batch."""
    if isinstance(rows, Table):
        return table_from(change(frame) for frame in _frames(rows))
    return change(rows)


def frames_of(rows: Rows) -> Iterable[pd.DataFrame]:
    """Give the rows as frames, at least one."""
    return _frames(rows) if isinstance(rows, Table) else [rows]


def _frames(table: Table) -> Iterator[pd.DataFrame]:
    if not len(table):
        yield table.head(0)
    yield from table.frames()
