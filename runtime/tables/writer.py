"""Write rows into parquet files, batch after batch."""

from __future__ import annotations

import errno
import shutil
import tempfile
import weakref
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import IO, TYPE_CHECKING, Any

from runtime.exceptions import PipelineRuntimeError
from runtime.tables.parquet import parquet_options
from runtime.tables.statistics import TableStatistics
from runtime.tables.table import Part, Table

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd
    import pyarrow as pa
    import pyarrow.parquet as pq

ROWS_PER_FILE = 500_000
ROWS_PER_GROUP = 65_536


class TableError(PipelineRuntimeError):
    """Rows that are no table: columns that differ, types that do not go together, a full disk."""


class _Folder:
    """A temporary folder that lives as long as this object."""

    def __init__(self) -> None:
        self.path = Path(tempfile.mkdtemp(prefix="table_"))
        weakref.finalize(self, shutil.rmtree, self.path, ignore_errors=True)


class TableWriter:
    """Collects rows into a temporary folder; memory holds one batch, of Arrow tables two.

    A thread writes an Arrow table while its successor is made; the next call raises what goes
    wrong there (a full disk). A frame is written at once, since its maker may use its memory again.

    A batch must have the columns of the first one, in any order. Their types may differ from
    batch to batch where there is one that holds both, e.g. int64 and double.
    """

    def __init__(self) -> None:
        """Make the folder; it is removed when writer and table are gone."""
        self._folder = _Folder()
        self._parts: list[Part] = []
        self._names: list[str] | None = None
        self._schemas: list[pa.Schema] = []
        self._statistics = TableStatistics()
        self._open: pq.ParquetWriter | None = None
        self._rows = 0
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="table")
        self._written: Future[None] | None = None

    def __enter__(self) -> TableWriter:
        """Begin to write."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the file that is being written."""
        self._thread.shutdown(wait=True)
        if error is None:
            self._wait()
        self._close_part()

    def write(self, rows: pd.DataFrame | pa.Table) -> None:
        """Add rows. Raises `TableError`."""
        import pyarrow as pa

        table = _arrow(rows)
        if self._names is not None:
            table = _in_order(table, self._names)
        elif len(set(table.column_names)) < table.num_columns:
            raise TableError(f"A column comes twice: {', '.join(table.column_names)}.")
        self._names = table.column_names
        self._wait()
        if isinstance(rows, pa.Table):
            self._written = self._thread.submit(self._add, table)
        else:
            self._add(table)

    def _wait(self) -> None:
        """Wait until the batch before is written, or raise what went wrong there."""
        written, self._written = self._written, None
        if written is not None:
            written.result()

    def _add(self, table: pa.Table) -> None:
        if not self._schemas or (table.num_rows and self._needs_part(table.schema)):
            self._begin_part(table.schema)
        self._statistics.add(table)
        for start in range(0, table.num_rows, ROWS_PER_FILE):
            self._append(table.slice(start, ROWS_PER_FILE))

    def table(self) -> Table:
        """End the writing and give the table. Raises `TableError` where nothing was written."""
        import pyarrow as pa

        self._wait()
        self._close_part()
        if not self._schemas:
            raise TableError("A table needs at least one batch, if only for its columns.")
        try:
            schema = pa.unify_schemas(self._schemas, promote_options="permissive")
        except (pa.ArrowInvalid, pa.ArrowTypeError) as error:
            raise TableError(f"The types of the batches do not go together: {error}") from error
        parts = tuple(part for part in self._parts if part.rows)
        return Table(schema, parts, self._statistics.columns, owner=self._folder)

    def _needs_part(self, schema: pa.Schema) -> bool:
        return self._rows >= ROWS_PER_FILE or not schema.equals(self._schemas[-1])

    def _begin_part(self, schema: pa.Schema) -> None:
        import pyarrow.parquet as pq

        self._close_part()
        path = self._folder.path / f"part_{len(self._parts):05d}.parquet"
        with space_for(path):
            self._open = pq.ParquetWriter(path, schema, **parquet_options(schema))
        self._schemas.append(schema)
        self._rows = 0

    def _append(self, table: pa.Table) -> None:
        if self._rows >= ROWS_PER_FILE:
            self._begin_part(table.schema)
        assert self._open is not None
        with space_for(self._folder.path):
            self._open.write_table(table, row_group_size=ROWS_PER_GROUP)
        self._rows += table.num_rows

    def _close_part(self) -> None:
        if self._open is None:
            return
        path = self._folder.path / f"part_{len(self._parts):05d}.parquet"
        opened, self._open = self._open, None
        with space_for(path):
            opened.close()
        self._parts.append(Part(self._rows, partial(_open, path), path))


def _open(path: Path) -> IO[bytes]:
    return path.open("rb")


def table_from(batches: Iterable[pd.DataFrame | pa.Table]) -> Table:
    """Write all batches and give the table. Raises `TableError`."""
    with TableWriter() as writer:
        for batch in batches:
            writer.write(batch)
        return writer.table()


def _arrow(rows: pd.DataFrame | pa.Table) -> pa.Table:
    import pyarrow as pa

    if isinstance(rows, pa.Table):
        return rows.replace_schema_metadata(None)
    names = [str(name) for name in rows.columns]
    columns: list[Any] = [_column(rows.iloc[:, index], name) for index, name in enumerate(names)]
    return pa.table(columns, names=names)


def _column(values: pd.Series[Any], name: str) -> pa.Array:
    import pyarrow as pa

    try:
        return pa.Array.from_pandas(values)
    except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError) as error:
        raise TableError(f"Column {name} has values of several types: {error}") from error


def _in_order(table: pa.Table, names: list[str]) -> pa.Table:
    if table.column_names == names:
        return table
    if sorted(table.column_names) != sorted(names):
        raise TableError(
            f"A batch has the columns {', '.join(table.column_names)}, "
            f"the first one had {', '.join(names)}."
        )
    return table.select(names)


@contextmanager
def space_for(path: Path) -> Iterator[None]:
    """Raise `TableError` where the disk that holds `path` is full."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise TableError(
                f"There is no space left for {path}. Free some, or let TMPDIR name another disk."
            ) from error
        raise
