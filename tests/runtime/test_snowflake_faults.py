"""What happens to reads and writes when connection, warehouse or disk fail: the real connector,
a server that fails for real.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest
import snowflake.connector.result_batch

from runtime.config import ConnectionConfig
from runtime.snowflake import connect, execute_sql, read_arrow, write_frame
from runtime.snowflake.errors import SnowflakeConnectionError, SqlExecutionError, WriteError
from runtime.tables import TableError, table_from
from tests.runtime.unsteady import Fault, Unsteady, hurried, unsteady

if TYPE_CHECKING:
    from snowflake.connector import SnowflakeConnection

Query = Callable[[str], list[tuple[Any, ...]]]

REPOSITORY = Path(__file__).parents[2]
ROWS = "SELECT run_date, id, ltv FROM t ORDER BY 1, 2"
OLD = [("old", 1, 0.5)]
NEW = [*[("new", number, 2.0) for number in range(3)], *OLD]
MANY = "SELECT SEQ4() AS ID FROM TABLE(GENERATOR(ROWCOUNT => 200000))"


@pytest.fixture(autouse=True)
def table(connection: SnowflakeConnection) -> None:
    execute_sql(
        connection,
        "CREATE TABLE t (run_date VARCHAR, id NUMBER(38, 0), ltv FLOAT);"
        "INSERT INTO t VALUES ('old', 1, 0.5)",
    )


@pytest.fixture
def line(
    connection_config: ConnectionConfig, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Unsteady]:
    """A connection with faults; the connector waits a moment between its attempts, not seconds."""
    hurried(monkeypatch)
    with unsteady(connection_config) as made:
        yield made


def write(session: SnowflakeConnection, *, ids: int = 3, mode: Any = "overwrite_partition") -> None:
    write_frame(
        session,
        pd.DataFrame({"ID": range(ids), "LTV": [2.0] * ids}),
        "t",
        mode=mode,
        keys=["ID"],
        partition={"RUN_DATE": "new"},
    )


def leftovers(query: Query) -> list[Any]:
    return [row for row in query("SHOW TABLES") if "STAGING_" in str(row)]


@pytest.mark.parametrize(
    ("where", "what"),
    [
        ("PUT /fs_bucket", 503),
        ("COPY INTO", "lose_answer"),
        ("COPY INTO", 429),
        ("INSERT INTO", "lose_answer"),
        ("INSERT INTO", 503),
        ("COMMIT", "lose_request"),
        ("COMMIT", "lose_answer"),
        ("MERGE INTO", "lose_answer"),
    ],
)
def test_a_fault_that_passes_is_not_seen(
    line: Unsteady, query: Query, where: str, what: Any
) -> None:
    line.faults.append(Fault(where, what, times=2))
    mode = "merge" if where == "MERGE INTO" else "overwrite_partition"
    with connect(line.config) as session:
        write(session, mode=mode)
    assert query(ROWS) == NEW and leftovers(query) == []
    assert sum(where in request for request in line.requests) >= 3


def test_lost_chunks_of_a_result_are_fetched_again(line: Unsteady) -> None:
    line.faults += [
        Fault("GET /results/", "lose_answer", times=1),
        Fault("GET /results/", 503, times=2),
    ]
    with connect(line.config) as session:
        tables = list(read_arrow(session, MANY))
    numbers = sorted(number for table in tables for number in table["ID"].to_pylist())
    assert numbers == list(range(200_000)) and len(tables) > 2


def test_a_connection_lost_while_reading(line: Unsteady, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snowflake.connector.result_batch, "MAX_DOWNLOAD_RETRY", 2)
    line.faults.append(Fault("GET /results/", "lose_answer", after=1))
    with (
        connect(line.config) as session,
        pytest.raises(SqlExecutionError, match="lost while the result .* run this again") as caught,
    ):
        list(read_arrow(session, MANY))
    assert caught.value.query_id


@pytest.mark.parametrize("where", ["PUT /fs_bucket", "COPY INTO", "DELETE FROM", "COMMIT"])
def test_a_connection_lost_while_writing_leaves_the_target(
    line: Unsteady, query: Query, where: str
) -> None:
    line.config.extra["network_timeout"] = 1
    line.faults.append(Fault(where, "lose_request"))
    with connect(line.config) as session, pytest.raises(SqlExecutionError):
        write(session)
    line.faults.clear()
    assert query(ROWS) == OLD and leftovers(query) == []
    with connect(line.config) as session:
        write(session)
    assert query(ROWS) == NEW


def test_a_warehouse_that_never_answers(line: Unsteady, query: Query) -> None:
    line.config.extra.update(network_timeout=1, socket_timeout=1)
    line.faults.append(Fault("COPY INTO", "hang"))
    with connect(line.config) as session, pytest.raises(SqlExecutionError, match="COPY INTO"):
        write(session)
    assert query(ROWS) == OLD


def test_a_refused_login_names_account_and_user(line: Unsteady) -> None:
    refusal = {"success": False, "code": "390100", "data": {}, "message": "Incorrect password."}
    line.faults.append(Fault("login-request", json.dumps(refusal)))
    with pytest.raises(
        SnowflakeConnectionError, match="account 'embedded' as user 'embedded'"
    ) as caught:
        connect(line.config)
    assert "Incorrect password." in str(caught.value)


def test_a_refused_statement_is_not_tried_again(line: Unsteady, query: Query) -> None:
    refusal = {
        "success": False,
        "code": "003001",
        "data": {"errorCode": "003001", "sqlState": "42501"},
        "message": "Insufficient privileges to operate on table 'T'.",
    }
    line.faults.append(Fault("INSERT INTO", json.dumps(refusal)))
    with connect(line.config) as session, pytest.raises(SqlExecutionError, match="privileges"):
        write(session, mode="append")
    assert sum("INSERT INTO" in request for request in line.requests) == 1
    assert query(ROWS) == OLD


def test_locks_that_cannot_be_made_say_what_to_do(line: Unsteady, query: Query) -> None:
    refusal = {
        "success": False,
        "code": "003001",
        "data": {"errorCode": "003001", "sqlState": "42501"},
        "message": "Insufficient privileges.",
    }
    line.faults.append(Fault("CREATE TABLE IF NOT EXISTS", json.dumps(refusal)))
    with (
        connect(line.config) as session,
        pytest.raises(WriteError, match="Let its owner run: CREATE TABLE .*RUNTIME_WRITE_LOCKS"),
    ):
        write(session)
    assert query(ROWS) == OLD and leftovers(query) == []


@contextmanager
def files_of_at_most(size: int) -> Iterator[None]:
    """Let the system refuse larger files, as a full disk refuses them."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    written, sys.dont_write_bytecode = sys.dont_write_bytecode, True  # no halves of such files
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        sys.dont_write_bytecode = written
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_full_disk(connection: SnowflakeConnection, query: Query) -> None:
    frame = pd.DataFrame({"ID": range(200_000), "LTV": [float(n) ** 0.5 for n in range(200_000)]})
    with files_of_at_most(100_000), pytest.raises(TableError, match="no space left.*TMPDIR"):
        table_from([frame])
    with files_of_at_most(100_000), pytest.raises(TableError, match="no space left.*TMPDIR"):
        write_frame(connection, frame, "t")
    assert query(ROWS) == OLD and leftovers(query) == []


def test_readers_see_one_of_two_first_writers(
    connection_config: ConnectionConfig, query: Query
) -> None:
    counts: set[int] = set()
    done = threading.Event()

    def write_one(number: int) -> None:
        frame = pd.DataFrame({"ID": range(50), "LTV": [float(number)] * 50})
        with connect(connection_config) as session:
            write_frame(
                session, frame, "t", mode="overwrite_partition", partition={"RUN_DATE": "first"}
            )

    def watch() -> None:
        with connect(connection_config) as session:
            while not done.is_set():
                (result,) = execute_sql(session, "SELECT COUNT(*) FROM t WHERE run_date = 'first'")
                counts.add(result.rows[0][0])

    watcher = threading.Thread(target=watch)
    watcher.start()
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(write_one, range(3)))
    done.set()
    watcher.join()
    assert counts <= {0, 50}
    assert len(query("SELECT DISTINCT ltv FROM t WHERE run_date = 'first'")) == 1


def test_two_first_writers_merge_without_doubles(
    connection_config: ConnectionConfig, query: Query
) -> None:
    def write_one(_: int) -> None:
        with connect(connection_config) as session:
            write(session, mode="merge")

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(write_one, range(2)))
    assert query(ROWS) == NEW


def test_two_hundred_columns(connection: SnowflakeConnection, query: Query) -> None:
    names = [f"C{number}" for number in range(200)]
    execute_sql(connection, f"CREATE TABLE wide ({', '.join(f'{name} FLOAT' for name in names)})")
    frame = pd.DataFrame([[float(n + row) for n in range(200)] for row in range(3)], columns=names)
    assert write_frame(connection, frame, "wide").rows == 3
    (table,) = read_arrow(connection, "SELECT * FROM wide ORDER BY C0")
    assert table.column_names == names and table.to_pandas().equals(frame)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"ID": ["x"], "LTV": [1.0]}, "ID"),
        ({"ID": [1], "LTV": ["much"]}, "LTV"),
        ({"ID": [1], "LVT": [1.0]}, "no column LVT.*Did you mean LTV"),
        ({"LTV": [1.0]}, "lacks the key column ID"),
        ({"ID": [float("nan")], "LTV": [1.0]}, "no value in the key"),
        ({"ID": [1, 1], "LTV": [1.0, 2.0]}, "2 rows .* share a key"),
    ],
)
def test_rows_that_do_not_fit(
    connection: SnowflakeConnection, query: Query, values: dict[str, Any], message: str
) -> None:
    with pytest.raises((WriteError, SqlExecutionError), match=message):
        write_frame(
            connection,
            pd.DataFrame(values),
            "t",
            mode="merge",
            keys=["ID"],
            partition={"RUN_DATE": "new"},
        )
    assert query(ROWS) == OLD and leftovers(query) == []


NUMBERS = "(SELECT SEQ4() AS x FROM TABLE(GENERATOR(ROWCOUNT => 3000000)))"
LONG = f"UPDATE t SET ltv = (SELECT SUM(a.x * b.x) FROM {NUMBERS} a, {NUMBERS} b)"
INTERRUPTED = """
    import json, os, sys
    from runtime.config import ConnectionConfig
    from runtime.snowflake import connect, execute_sql
    from runtime.termination import ended_by_sigterm

    settings = {**json.loads(sys.argv[1]), "password": os.environ["PASSWORD"]}
    with ended_by_sigterm(), connect(ConnectionConfig.model_validate(settings)) as session:
        execute_sql(session, "INSERT INTO t VALUES ('begun', 2, 0)")
        execute_sql(session, sys.argv[2])
"""


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interruption_cancels_the_running_statement(
    connection_config: ConnectionConfig, query: Query, number: signal.Signals
) -> None:
    settings = connection_config.model_dump_json(by_alias=True, exclude={"password", "token"})
    process = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(INTERRUPTED), settings, LONG],
        env={**os.environ, "PASSWORD": connection_config.secret("password") or "x"},
        cwd=REPOSITORY,
        stderr=subprocess.PIPE,
        text=True,
    )
    while len(query("SELECT * FROM t")) == 1:
        assert process.poll() is None
        time.sleep(0.05)
    time.sleep(0.5)
    process.send_signal(number)
    _, errors = process.communicate(timeout=60)
    assert process.returncode != 0, errors
    # The statement would run for days, and hold its lock as long.
    query("UPDATE t SET ltv = 7")
    assert query("SELECT DISTINCT ltv FROM t") == [(7.0,)]


def test_ctrl_c_while_a_query_is_read_cancels_it(line: Unsteady) -> None:
    line.faults.append(Fault("GENERATOR", "hang"))
    asked = threading.Event()

    def interrupt() -> None:
        while not any("GENERATOR" in request for request in line.requests):
            if asked.wait(0.01):
                return
        os.kill(os.getpid(), signal.SIGINT)

    watcher = threading.Thread(target=interrupt)
    with connect(line.config) as session:
        watcher.start()
        try:
            with pytest.raises(KeyboardInterrupt):
                list(read_arrow(session, MANY))
        finally:
            asked.set()
            watcher.join()
    assert any("abort-request" in request for request in line.requests)
