"""Tables in files: written batch by batch, stored by ZenML, read as Table or DataFrame."""

from __future__ import annotations

import datetime as dt
import errno
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from zenml import pipeline, step
from zenml.client import Client

from runtime.tables import Table, TableError, TableWriter, frame_of, table_from
from runtime.tables import writer as writing


def frame(**columns: Any) -> pd.DataFrame:
    return pd.DataFrame(columns)


def test_types_of_batches_are_brought_together() -> None:
    table = table_from(
        [
            frame(N=[1, 2], B=[True, False], T=["x", None], D=[dt.date(2024, 1, 1), None]),
            frame(T=["y"], N=[1.5], B=[None], D=[None]),
            frame(N=pd.array([None], dtype="Int64"), B=[True], T=[None], D=[None]),
        ]
    )
    assert (len(table), table.columns) == (4, ["N", "B", "T", "D"])
    whole = table.to_pandas()
    assert whole["N"].tolist()[:3] == [1.0, 2.0, 1.5] and pd.isna(whole["N"][3])
    assert whole["B"].dtype == "boolean" and whole["B"].tolist()[:2] == [True, False]
    assert whole["T"].tolist() == ["x", None, "y", None]
    assert whole["D"][0] == dt.date(2024, 1, 1)
    assert repr(table) == "Table(4 rows: N, B, T, D)"


def test_integers_keep_their_type_with_nulls() -> None:
    table = table_from([frame(N=[2**62, 1]), frame(N=pd.array([None, 3], dtype="Int64"))])
    whole = table.to_pandas()
    assert str(whole["N"].dtype) == "Int64" and whole["N"][0] == 2**62
    assert table_from([frame(N=[Decimal("1.5")]), frame(N=[Decimal("22.25")])]).to_pandas()[
        "N"
    ].tolist() == [Decimal("1.50"), Decimal("22.25")]


def test_statistics() -> None:
    table = table_from([frame(N=[1.0, float("nan")], T=["a", "b"]), frame(N=[4.0], T=[None])])
    assert table.statistics["N"].figures() == {"nulls": 1, "min": 1.0, "max": 4.0, "mean": 2.5}
    assert table.statistics["T"].figures() == {"nulls": 1}


def test_rows_are_split_into_files_and_read_in_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "ROWS_PER_FILE", 4)
    table = table_from([frame(N=range(3)), frame(N=range(3, 14))])
    assert len(table.parts) > 2 and all(part.rows <= 7 for part in table.parts)
    assert table.to_pandas()["N"].tolist() == list(range(14))
    assert all(len(batch) <= 3 for batch in table.frames(3))
    assert [number for batch in table.frames(3) for number in batch["N"]] == list(range(14))
    assert table.head(2)["N"].tolist() == [0, 1]


def test_no_rows_keep_their_columns() -> None:
    table = table_from([frame(N=pd.Series([], dtype="int64"), T=pd.Series([], dtype="str"))])
    assert (len(table), list(table.to_pandas().columns)) == (0, ["N", "T"])
    assert list(table.frames()) == [] and list(table.head().columns) == ["N", "T"]


@pytest.mark.parametrize(
    ("batches", "message"),
    [
        ([], "at least one batch"),
        ([frame(A=[1]), frame(B=[1])], "has the columns B, the first one had A"),
        ([frame(A=[1]), frame(A=["x"])], "do not go together"),
        ([frame(A=[1, "x"])], "Column A has values of several types"),
        ([pd.DataFrame([[1, 2]], columns=["A", "A"])], "comes twice"),
    ],
)
def test_what_is_no_table(batches: list[pd.DataFrame], message: str) -> None:
    with pytest.raises(TableError, match=message):
        table_from(batches)


def test_a_full_disk_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any, **__: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(pq.ParquetWriter, "write_table", full)
    with TableWriter() as writer, pytest.raises(TableError, match="no space left.*TMPDIR"):
        writer.write(frame(A=[1]))


def test_temporary_files_go_with_the_table() -> None:
    table = table_from([frame(A=[1])])
    path = table.parts[0].path
    assert path is not None and path.exists()
    del table
    assert not path.exists()


def test_frames_do_not_depend_on_other_rows() -> None:
    arrow = pa.table({"N": pa.array([None, 1], pa.int32()), "B": pa.array([True, None])})
    assert [str(kind) for kind in frame_of(arrow).dtypes] == ["Int32", "boolean"]
    assert str(frame_of(arrow.slice(1)).dtypes["N"]) == "int32"


@step(enable_cache=False)
def make(rows: int) -> pd.DataFrame | Table:
    return table_from(frame(N=[number], T=[str(number)]) for number in range(rows))


@step(enable_cache=False)
def as_frame(data: pd.DataFrame) -> int:
    assert isinstance(data, pd.DataFrame)
    return int(data["N"].sum())


@step(enable_cache=False)
def as_table(data: pd.DataFrame | Table) -> int:
    assert isinstance(data, Table)
    return sum(int(batch["N"].sum()) for batch in data.frames())


def test_zenml_stores_it(zenml_store: Path) -> None:
    @pipeline(name="tables", enable_cache=False)
    def tables() -> None:
        data = make(5)
        as_frame(data)
        as_table(data)

    run = tables()
    assert run is not None
    steps = Client().get_pipeline_run(run.id).steps
    assert [steps[name].output.load() for name in ("as_frame", "as_table")] == [10, 10]
    artifact = steps["make"].output
    assert artifact.run_metadata["rows"] == 5
    assert artifact.run_metadata["columns"]["N"] == {
        "type": "int64",
        "nulls": 0,
        "min": 0.0,
        "max": 4.0,
        "mean": 2.0,
    }
    loaded = artifact.load()
    assert isinstance(loaded, Table) and loaded.to_pandas()["T"].tolist() == list("01234")
    assert loaded.statistics["N"].mean == 2.0
    assert artifact.visualizations
