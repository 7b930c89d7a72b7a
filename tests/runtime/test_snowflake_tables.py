"""Tables of many batches written into the embedded warehouse, and what may go wrong meanwhile."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

from runtime.config import ConnectionConfig
from runtime.snowflake import connect, execute_sql, read_arrow, staging, transfer, write_frame
from runtime.snowflake.errors import SqlExecutionError, WriteError
from runtime.tables import Table, table_from
from runtime.tables import writer as writing

if TYPE_CHECKING:
    from snowflake.connector import SnowflakeConnection

Query = Callable[[str], list[tuple[Any, ...]]]

REPOSITORY = Path(__file__).parents[2]
ROWS = "SELECT run_date, id, ltv FROM t ORDER BY 1, 2, 3"
OLD = [("old", 1, 0.5)]


@pytest.fixture(autouse=True)
def table(connection: SnowflakeConnection) -> None:
    execute_sql(
        connection,
        "CREATE TABLE t (run_date VARCHAR, id NUMBER(38, 0), ltv FLOAT);"
        "INSERT INTO t VALUES ('old', 1, 0.5)",
    )


def batches(*parts: list[int], ltv: float = 1.0) -> Table:
    return table_from(pd.DataFrame({"ID": ids, "LTV": [ltv] * len(ids)}) for ids in parts)


def staged_tables(query: Query) -> list[Any]:
    return [row for row in query("SHOW TABLES") if "STAGING_" in str(row)]


def test_batches_are_one_write(connection: SnowflakeConnection, query: Query) -> None:
    result = write_frame(
        connection,
        batches([1, 2], [3], [4, 5]),
        "t",
        mode="overwrite_partition",
        keys=["ID"],
        partition={"RUN_DATE": "new"},
    )
    assert result.rows == 5
    assert query(ROWS) == [*[("new", number, 1.0) for number in range(1, 6)], *OLD]


def test_several_files(
    connection: SnowflakeConnection, query: Query, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(staging, "ROWS_PER_FILE", 2)
    mixed = table_from([pd.DataFrame({"ID": [1, 2, 3], "LTV": [1.0, None, 3.0]})] * 2)
    assert write_frame(connection, mixed, "t", mode="overwrite").rows == 6
    assert query("SELECT COUNT(*), COUNT(ltv), SUM(ltv) FROM t") == [(6, 4, 8.0)]


def test_a_key_in_two_files_is_found(
    connection: SnowflakeConnection, query: Query, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "ROWS_PER_FILE", 2)
    with pytest.raises(WriteError, match="2 rows share the key .*'ID': 4"):
        write_frame(connection, batches([4], [5, 6], [4]), "t", mode="merge", keys=["ID"])
    assert query(ROWS) == OLD and staged_tables(query) == []


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ("DELETE FROM {} WHERE ID = 1", "holds 1 rows, but 2 were sent"),
        ("UPDATE {} SET LTV = NULL WHERE ID = 1", "LTV arrived with 1 values, but 2"),
        ("UPDATE {} SET LTV = 7 WHERE ID = 1", "LTV arrived with the maximum 7.0, not 1.0"),
        ("UPDATE {} SET ID = NULL WHERE ID = 1", "ID arrived with 1 values, but 2"),
    ],
)
def test_what_arrives_is_compared_with_what_was_sent(
    connection: SnowflakeConnection,
    query: Query,
    monkeypatch: pytest.MonkeyPatch,
    change: str,
    message: str,
) -> None:
    copy = staging._copy

    def damaging(session: Any, target: Any, *rest: Any) -> None:
        copy(session, target, *rest)
        execute_sql(session, change.format(target))

    monkeypatch.setattr(staging, "_copy", damaging)
    with pytest.raises(WriteError, match=message):
        write_frame(connection, pd.DataFrame({"ID": [1, 2], "LTV": [1.0, 1.0]}), "t")
    assert query(ROWS) == OLD and staged_tables(query) == []


def test_a_batch_that_does_not_fit_leaves_the_target(
    connection: SnowflakeConnection, query: Query
) -> None:
    late = table_from(
        [pd.DataFrame({"ID": [1], "LTV": [1.0]}), pd.DataFrame({"ID": [None], "LTV": [1.0]})]
    )
    with pytest.raises(WriteError, match="have no value in the key"):
        write_frame(connection, late, "t", mode="merge", keys=["ID"])
    assert query(ROWS) == OLD and staged_tables(query) == []


def test_sums_may_differ_by_the_order_of_rows() -> None:
    assert transfer._same(1.0, 1.0 + 1e-12, 0) and not transfer._same(1.0, 1.001, 1e-6)
    assert transfer._same(None, None, 0) and not transfer._same(None, 1.0, 0)


def test_one_partition_by_two_writers_at_once(
    connection_config: ConnectionConfig, query: Query
) -> None:
    def write(ltv: float) -> str | None:
        with connect(connection_config) as session:
            try:
                write_frame(
                    session,
                    batches(list(range(50)), list(range(50, 100)), ltv=ltv),
                    "t",
                    mode="overwrite_partition",
                    partition={"RUN_DATE": "new"},
                )
            except SqlExecutionError as error:
                return str(error)
        return None

    with ThreadPoolExecutor(2) as pool:
        errors = list(pool.map(write, [1.0, 2.0]))
    assert errors.count(None) >= 1
    found = query("SELECT ltv, COUNT(*) FROM t WHERE run_date = 'new' GROUP BY ltv")
    assert len(found) == 1 and found[0][1] == 100
    assert staged_tables(query) == []


def test_read_in_batches(connection: SnowflakeConnection) -> None:
    execute_sql(
        connection, "INSERT INTO t SELECT 'x', SEQ4(), 1.5 FROM TABLE(GENERATOR(ROWCOUNT => 9))"
    )
    tables = list(read_arrow(connection, "SELECT id, ltv FROM t ORDER BY id"))
    assert sum(len(table) for table in tables) == 10
    assert [str(kind) for kind in tables[0].schema.types] == ["int64", "double"]
    (empty,) = read_arrow(connection, "SELECT id, ltv FROM t WHERE 1 = 0")
    assert empty.num_rows == 0 and [str(kind) for kind in empty.schema.types] == ["int64", "double"]


KILLED = """
    import json, os, sys
    import pandas as pd
    from runtime.config import ConnectionConfig
    from runtime.snowflake import connect, locks, modes, staging, statements, transactions
    from runtime.snowflake import write_frame

    stage, mode = sys.argv[1], sys.argv[3]
    execute = statements.execute_sql

    def dying(connection, sql, *rest, **options):
        text = sql if isinstance(sql, str) else sql[0]
        if text.startswith(stage):
            os._exit(9)
        return execute(connection, sql, *rest, **options)

    for module in (locks, modes, staging, transactions):
        module.execute_sql = dying
    settings = {**json.loads(sys.argv[2]), "password": os.environ["PASSWORD"]}
    with connect(ConnectionConfig.model_validate(settings)) as session:
        write_frame(
            session,
            pd.DataFrame({"ID": [1, 2], "LTV": [9.0, 9.0]}),
            "t",
            mode=mode,
            keys=["ID"],
            partition={"RUN_DATE": "old"},
        )
"""


STAGES = ["CREATE", "PUT", "COPY", "UPDATE", "DELETE", "INSERT INTO {target}", "COMMIT"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("mode", "stage"),
    [
        *(("overwrite_partition", stage) for stage in STAGES),
        ("merge", "MERGE"),
        ("merge", "COMMIT"),
    ],
)
def test_a_killed_writer_leaves_the_target_and_can_be_repeated(
    connection_config: ConnectionConfig, query: Query, mode: Any, stage: str
) -> None:
    settings = connection_config.model_dump_json(by_alias=True, exclude={"password", "token"})
    target = f'"{connection_config.database}"."{connection_config.schema_name}"."T"'
    killed = subprocess.run(
        [
            sys.executable,
            "-c",
            textwrap.dedent(KILLED),
            stage.format(target=target),
            settings,
            mode,
        ],
        env={**os.environ, "PASSWORD": connection_config.secret("password") or "x"},
        cwd=REPOSITORY,
        check=False,
        capture_output=True,
        text=True,
    )
    assert killed.returncode == 9, killed.stderr
    assert query(ROWS) == OLD
    with connect(connection_config) as session:
        write_frame(
            session,
            pd.DataFrame({"ID": [1, 2], "LTV": [9.0, 9.0]}),
            "t",
            mode=mode,
            keys=["ID"],
            partition={"RUN_DATE": "old"},
        )
    assert query(ROWS) == [("old", 1, 9.0), ("old", 2, 9.0)]
