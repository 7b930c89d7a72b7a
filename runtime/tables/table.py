"""A table that lies in parquet files, here or in an artifact store."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING

from runtime.tables.frames import frame_of
from runtime.tables.statistics import ColumnStatistics

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd
    import pyarrow as pa

BATCH_ROWS = 65_536
"""Rows that are read at a time unless the reader says otherwise."""


@dataclass(frozen=True)
class Part:
    """One parquet file: how many rows it has, how it is opened, and its path if it lies here."""

    rows: int
    open: Callable[[], AbstractContextManager[IO[bytes]]]
    path: Path | None = None


class Table:
    """Rows in parquet files. Only the batch that is being read is in memory.

    `schema` is an Arrow schema that all rows fit; a part may have narrower types. `statistics`
    are those of the columns by name, as far as they are known.
    """

    # A plain class: pydantic, which checks the inputs of steps, looks into dataclasses.
    def __init__(
        self,
        schema: pa.Schema,
        parts: Iterable[Part],
        statistics: Mapping[str, ColumnStatistics] | None = None,
        owner: object = None,
    ) -> None:
        """Make a table of its parts; `owner` keeps temporary files as long as the table is."""
        self.schema = schema
        self.parts = tuple(parts)
        self.statistics = dict(statistics or {})
        self._owner = owner

    def __repr__(self) -> str:
        """Tell the size and the columns, not the rows."""
        return f"Table({len(self)} rows: {', '.join(self.columns)})"

    def __len__(self) -> int:
        """The number of rows."""
        return sum(part.rows for part in self.parts)

    @property
    def columns(self) -> list[str]:
        """The names of the columns."""
        return list(self.schema.names)

    def batches(self, rows: int = BATCH_ROWS) -> Iterator[pa.Table]:
        """Give the rows in order, at most `rows` at a time, all of the table's schema."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        for part in self.parts:
            with part.open() as file, pq.ParquetFile(file) as parquet:
                for batch in parquet.iter_batches(batch_size=rows):
                    yield pa.Table.from_batches([batch]).cast(self.schema)

    def frames(self, rows: int = BATCH_ROWS) -> Iterator[pd.DataFrame]:
        """Give the rows as data frames, see `frame_of`."""
        for batch in self.batches(rows):
            yield frame_of(batch)

    def head(self, rows: int = 5) -> pd.DataFrame:
        """Give the first rows."""
        first = next(self.batches(max(rows, 1)), None)
        return frame_of((self.schema.empty_table() if first is None else first).slice(0, rows))

    def to_pandas(self) -> pd.DataFrame:
        """Give all rows as one frame, which must fit into memory."""
        import pyarrow as pa

        batches = list(self.batches())
        return frame_of(pa.concat_tables(batches) if batches else self.schema.empty_table())
