"""Rows on their way into a table, batch by batch."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from runtime.snowflake.errors import WriteError
from runtime.snowflake.frames import (
    Partition,
    canonical,
    check_keys,
    fit_columns,
    resolve_columns,
    set_partition,
    to_arrow,
)
from runtime.tables.table import Table

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa


@dataclass(frozen=True)
class FittingRows:
    """Rows with what their target asks: its column types, the columns to write, the partition's
    values, and the columns of the keys (with the partition's), checked where `keyed`.
    """

    source: pd.DataFrame | Table
    table: str
    types: dict[str, str]
    fixed: dict[str, Any]
    columns: tuple[str, ...]
    keys: tuple[str, ...]
    keyed: bool

    @classmethod
    def make(
        cls,
        source: pd.DataFrame | Table,
        table: str,
        types: dict[str, str],
        keys: Sequence[str] | None,
        partition: Partition | None,
    ) -> FittingRows:
        """Match columns, keys and partition with the target's columns. Raises `WriteError`."""
        names = list(types)
        columns = resolve_columns(list(partition or {}), names, table, "Partition")
        values = (partition or {}).values()
        if not len(source.columns) and not columns:
            raise WriteError(f"The rows for {table} have no columns.")
        fixed = {
            column: canonical(value, types[column])
            for column, value in zip(columns, values, strict=True)
        }
        empty = source.head(0) if isinstance(source, Table) else source.iloc[:0]
        fitted = fit_columns(empty, names, table).assign(**fixed)
        found = resolve_columns(keys or [], names, table, "Key")
        key_columns = tuple(dict.fromkeys([*fixed, *found]))
        return cls(source, table, types, fixed, tuple(fitted.columns), key_columns, bool(keys))

    def batches(self) -> Iterator[pa.Table]:
        """Give the rows as Arrow tables. Raises `WriteError` for what does not fit."""
        frames: Iterable[pd.DataFrame] = (
            self.source.frames() if isinstance(self.source, Table) else [self.source]
        )
        for frame in frames:
            named = fit_columns(frame, list(self.types), self.table)
            fitted = set_partition(named, self.fixed, self.types, self.table)
            if self.keyed:
                check_keys(fitted, list(self.keys), self.table)
            yield to_arrow(fitted, self.types, self.table)
