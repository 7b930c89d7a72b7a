"""Frames written into tables of the embedded warehouse, by the real connector."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

from runtime.snowflake import TableName, execute_sql, modes, staging, write_frame
from runtime.snowflake.errors import InvalidIdentifierError, SqlExecutionError, WriteError

if TYPE_CHECKING:
    from snowflake.connector import SnowflakeConnection

Query = Callable[[str], list[tuple[Any, ...]]]

ROWS = "SELECT * FROM t ORDER BY 1, 2, 3"
FIRST = dt.date(2024, 6, 1)


@pytest.fixture(autouse=True)
def table(connection: SnowflakeConnection) -> None:
    execute_sql(
        connection,
        """
        CREATE TABLE t (run_date DATE NOT NULL, tenure NUMBER(38, 0), id NUMBER(38, 0), ltv FLOAT);
        INSERT INTO t VALUES ('2024-05-01', 6, 1, 0.5)
        """,
    )


def frame(*ids: int, ltv: float = 1.0, **more: Any) -> pd.DataFrame:
    return pd.DataFrame({"ID": list(ids), "LTV": [ltv] * len(ids), **more})


PARTITION = {"RUN_DATE": "2024-06-01", "TENURE": "6"}
OLD_ROW = (dt.date(2024, 5, 1), 6, 1, 0.5)


def test_append_adds_rows(connection: SnowflakeConnection, query: Query) -> None:
    result = write_frame(connection, frame(1, run_date=FIRST, tenure=6), "t")
    assert (result.rows, result.mode) == (1, "append")
    assert result.table.endswith('"."T"')
    write_frame(connection, frame(1, run_date=FIRST, tenure=6), "t")
    assert query(ROWS) == [OLD_ROW, (FIRST, 6, 1, 1.0), (FIRST, 6, 1, 1.0)]


def test_overwrite_replaces_the_table(connection: SnowflakeConnection, query: Query) -> None:
    write_frame(connection, frame(7, run_date=FIRST, tenure=12), "t", mode="overwrite")
    assert query(ROWS) == [(FIRST, 12, 7, 1.0)]


def test_a_partition_is_replaced_and_repeatable(
    connection: SnowflakeConnection, query: Query
) -> None:
    def write(values: pd.DataFrame, tenure: int) -> None:
        write_frame(
            connection,
            values,
            "t",
            mode="overwrite_partition",
            keys=["id"],
            partition={"RUN_DATE": "2024-06-01", "TENURE": tenure},
        )

    write(frame(1, 2), 6)
    write(frame(1), 12)
    write(frame(2, 3, ltv=9.0), 6)
    write(frame(2, 3, ltv=9.0), 6)
    assert query(ROWS) == [OLD_ROW, (FIRST, 6, 2, 9.0), (FIRST, 6, 3, 9.0), (FIRST, 12, 1, 1.0)]


def test_an_empty_frame_empties_its_partition(
    connection: SnowflakeConnection, query: Query
) -> None:
    write_frame(connection, frame(1), "t", mode="overwrite_partition", partition=PARTITION)
    result = write_frame(connection, frame(), "t", mode="overwrite_partition", partition=PARTITION)
    assert result.rows == 0
    assert query(ROWS) == [OLD_ROW]


def test_merge_updates_and_inserts(connection: SnowflakeConnection, query: Query) -> None:
    write_frame(connection, frame(1, 2), "t", mode="merge", keys=["ID"], partition=PARTITION)
    write_frame(
        connection, frame(2, 3, ltv=5.0), "t", mode="merge", keys=["ID"], partition=PARTITION
    )
    assert query(ROWS) == [OLD_ROW, (FIRST, 6, 1, 1.0), (FIRST, 6, 2, 5.0), (FIRST, 6, 3, 5.0)]


def test_merge_of_keys_alone(connection: SnowflakeConnection, query: Query) -> None:
    execute_sql(connection, "CREATE TABLE ids (id NUMBER); INSERT INTO ids VALUES (1)")
    write_frame(connection, pd.DataFrame({"ID": [1, 2]}), "ids", mode="merge", keys=["ID"])
    assert query("SELECT id FROM ids ORDER BY 1") == [(1,), (2,)]


def test_every_type_comes_back(connection: SnowflakeConnection, query: Query) -> None:
    execute_sql(
        connection,
        "CREATE TABLE w (d DATE, n NUMBER(12, 2), b BOOLEAN, s VARCHAR, a TIMESTAMP_NTZ, "
        "e VARCHAR)",
    )
    values = pd.DataFrame(
        {
            "D": ["2024-01-01", None],
            "N": [Decimal("1.25"), None],
            "B": [True, None],
            "S": ['it\'s; "é"', None],
            "A": [pd.Timestamp("2024-01-01 02:03:04.567891"), pd.NaT],
            "E": [None, None],
        }
    )
    write_frame(connection, values, "w")
    assert query("SELECT * FROM w ORDER BY d") == [
        (
            dt.date(2024, 1, 1),
            Decimal("1.25"),
            True,
            'it\'s; "é"',
            dt.datetime(2024, 1, 1, 2, 3, 4, 567891),
            None,
        ),
        (None,) * 6,
    ]


def test_columns_left_out_get_their_default(connection: SnowflakeConnection, query: Query) -> None:
    execute_sql(connection, "CREATE TABLE w (id NUMBER, state VARCHAR DEFAULT 'new')")
    write_frame(connection, pd.DataFrame({"ID": [1]}), "w")
    assert query("SELECT * FROM w") == [(1, "new")]


def test_odd_names_are_quoted(connection: SnowflakeConnection, query: Query) -> None:
    execute_sql(connection, 'CREATE TABLE "100% ""odd""" ("Per Cent %" NUMBER, "select" NUMBER)')
    values = pd.DataFrame({"select": [1, 2]})
    for _ in range(2):
        write_frame(
            connection,
            values,
            '"100% ""odd"""',
            mode="overwrite_partition",
            partition={"Per Cent %": 5},
        )
    assert query('SELECT * FROM "100% ""odd""" ORDER BY 2') == [(5, 1), (5, 2)]


def test_large_frames_go_in_several_files(
    connection: SnowflakeConnection, query: Query, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(staging, "ROWS_PER_FILE", 2)
    write_frame(connection, frame(*range(5)), "t", mode="overwrite", partition=PARTITION)
    assert [row[2] for row in query(ROWS)] == [0, 1, 2, 3, 4]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"mode": "upsert"}, "Unknown mode 'upsert'; there are append, overwrite"),
        ({"mode": "overwrite_partition"}, "needs `partition`"),
        ({"mode": "merge"}, "needs `keys`"),
        ({"partition": {"YEAR": 2024}}, "Partition YEAR: no such column"),
        ({"keys": ["CUSTOMER"]}, "Key CUSTOMER: no such column"),
        ({"keys": ["ID"], "partition": PARTITION}, "2 rows for t share a key"),
    ],
)
def test_wrong_arguments_change_nothing(
    connection: SnowflakeConnection, query: Query, arguments: dict[str, Any], message: str
) -> None:
    with pytest.raises(WriteError, match=message):
        write_frame(connection, frame(1, 1), "t", **arguments)
    assert query(ROWS) == [OLD_ROW]


@pytest.mark.parametrize("name", ["t; DROP TABLE t", "t WHERE 1=1 --", "'t'"])
def test_sql_in_a_table_name_is_refused(
    connection: SnowflakeConnection, query: Query, name: str
) -> None:
    with pytest.raises(InvalidIdentifierError):
        write_frame(connection, frame(1), name)
    assert query(ROWS) == [OLD_ROW]


def test_sql_in_a_column_name_is_refused(connection: SnowflakeConnection, query: Query) -> None:
    with pytest.raises(WriteError, match="has no column"):
        write_frame(connection, pd.DataFrame({'ID") VALUES (1); --': [1]}), "t")
    assert query(ROWS) == [OLD_ROW]


def test_a_missing_table_is_named(connection: SnowflakeConnection) -> None:
    with pytest.raises(SqlExecutionError, match="NOWHERE"):
        write_frame(connection, frame(1), "nowhere")


def leftovers(query: Query) -> list[tuple[Any, ...]]:
    return [row for row in query("SHOW TABLES") if str(row[1]).startswith("STAGING_")]


@pytest.mark.parametrize("mode", ["append", "overwrite", "overwrite_partition"])
def test_a_constraint_broken_by_the_insert_changes_nothing(
    connection: SnowflakeConnection, query: Query, mode: Any
) -> None:
    values = frame(1, 2, run_date=[FIRST, None], tenure=6)
    with pytest.raises(SqlExecutionError, match="NOT NULL"):
        write_frame(connection, values, "t", mode=mode, partition={"TENURE": 6})
    assert query(ROWS) == [OLD_ROW]
    assert leftovers(query) == []


@pytest.mark.parametrize("interruption", [KeyboardInterrupt, RuntimeError])
def test_a_failure_between_delete_and_commit_changes_nothing(
    connection: SnowflakeConnection,
    query: Query,
    monkeypatch: pytest.MonkeyPatch,
    interruption: type[BaseException],
) -> None:
    write_frame(connection, frame(1), "t", mode="overwrite_partition", partition=PARTITION)
    before = query(ROWS)

    def interrupted(session: SnowflakeConnection, rows: modes.StagedRows) -> None:
        assert execute_sql(session, ROWS)[0].rows == [OLD_ROW]
        raise interruption

    monkeypatch.setattr(modes, "_insert", interrupted)
    with pytest.raises(interruption):
        write_frame(connection, frame(5), "t", mode="overwrite_partition", partition=PARTITION)
    assert query(ROWS) == before
    assert leftovers(query) == []


def test_a_short_insert_is_rolled_back(
    connection: SnowflakeConnection, query: Query, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(modes.StagedRows, "column_list", '"RUN_DATE"')
    rows = modes.StagedRows(
        target=TableName.parse("t"),
        staging=TableName.parse("t"),
        columns=("RUN_DATE",),
        keys=(),
        partition={},
        count=2,
    )
    with pytest.raises(WriteError, match="changed 1 rows, not 2"):
        modes.apply_mode(connection, "append", rows)
    assert query(ROWS) == [OLD_ROW]


def test_a_short_copy_is_refused(connection: SnowflakeConnection, query: Query) -> None:
    execute_sql(connection, "CREATE TABLE s (id NUMBER); CREATE STAGE s_files")
    name = TableName.parse
    with pytest.raises(WriteError, match="loaded 0 of 3 rows"):
        staging._copy(connection, name("s"), name("s_files"), 3)


def test_a_lost_session_keeps_the_first_error(
    connection: SnowflakeConnection,
    query: Query,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def lost(session: SnowflakeConnection, rows: modes.StagedRows) -> None:
        session.close()
        raise WriteError("the first error")

    monkeypatch.setattr(modes, "_insert", lost)
    caplog.set_level("WARNING", logger="runtime.snowflake")
    with pytest.raises(WriteError, match="the first error"):
        write_frame(connection, frame(5), "t", mode="overwrite_partition", partition=PARTITION)
    assert "The transaction was not rolled back" in caplog.text
    assert query(ROWS) == [OLD_ROW]
