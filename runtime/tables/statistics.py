"""What is counted of a table while it is written."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass
class ColumnStatistics:
    """The rows and nulls of a column; of numbers also the extremes and the sum of all but nulls.

    NaN counts as null.
    """

    rows: int = 0
    nulls: int = 0
    minimum: float | None = None
    maximum: float | None = None
    total: float | None = None

    @property
    def mean(self) -> float | None:
        """The mean of a column of numbers, None where it has no values."""
        values = self.rows - self.nulls
        return None if self.total is None or not values else self.total / values

    def add(self, values: pa.ChunkedArray) -> None:
        """Count further values."""
        import pyarrow as pa
        import pyarrow.compute as pc

        kind = values.type
        numeric = pa.types.is_integer(kind) or pa.types.is_floating(kind)
        if pa.types.is_floating(kind):
            values = pc.if_else(pc.is_nan(values), None, values)
        self.rows += len(values)
        self.nulls += values.null_count
        if not numeric or values.null_count == len(values):
            return
        extremes = pc.min_max(values).as_py()
        low, high = float(extremes["min"]), float(extremes["max"])
        total = float(pc.sum(values.cast(pa.float64(), safe=False)).as_py())
        self.minimum = low if self.minimum is None else min(self.minimum, low)
        self.maximum = high if self.maximum is None else max(self.maximum, high)
        self.total = total if self.total is None else self.total + total

    def figures(self) -> dict[str, Any]:
        """The figures as plain data, without those that the column does not have."""
        figures = {
            "nulls": self.nulls,
            "min": self.minimum,
            "max": self.maximum,
            "mean": self.mean,
        }
        return {name: value for name, value in figures.items() if value is not None}


@dataclass
class TableStatistics:
    """The statistics of all columns, by name."""

    columns: dict[str, ColumnStatistics] = field(default_factory=dict)

    def add(self, table: pa.Table) -> None:
        """Count further rows."""
        for name, values in zip(table.column_names, table.columns, strict=True):
            self.columns.setdefault(name, ColumnStatistics()).add(values)
