"""The embedded warehouse, over HTTP by the real connector."""

from __future__ import annotations

import datetime as dt
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from runtime.config import ConnectionConfig
from runtime.snowflake import connect, execute_sql
from runtime.snowflake.errors import SnowflakeConnectionError, SqlExecutionError
from runtime.warehouse import Endpoint, WarehouseStartError, embedded_warehouse, process, results
from runtime.warehouse.rewrites import DONE, rewrite

if TYPE_CHECKING:
    from snowflake.connector import SnowflakeConnection

Query = Callable[[str], list[tuple[Any, ...]]]
REPOSITORY = Path(__file__).resolve().parents[2]


def config(endpoint: Endpoint) -> ConnectionConfig:
    return ConnectionConfig.model_validate(endpoint.connection())


def test_data_outlives_the_process(data_folder: Path) -> None:
    with embedded_warehouse(data_folder) as endpoint, connect(config(endpoint)) as session:
        assert endpoint.host == "127.0.0.1"
        execute_sql(session, "CREATE TABLE t (id NUMBER); INSERT INTO t VALUES (1)")
        with (
            pytest.raises(WarehouseStartError, match="another embedded warehouse uses this folder"),
            embedded_warehouse(data_folder),
        ):
            pass
    with embedded_warehouse(data_folder) as endpoint:
        fields = endpoint.connection()
        del fields["database"], fields["schema"]
        with connect(ConnectionConfig.model_validate(fields)) as session:
            assert execute_sql(session, "SELECT * FROM ANALYTICS.RAW.t")[0].rows == [(1,)]


def test_an_odd_folder_is_refused(tmp_path: Path) -> None:
    with (
        pytest.raises(WarehouseStartError, match="a quote in the folder's name"),
        embedded_warehouse(tmp_path / "it's"),
    ):
        pass
    assert not (tmp_path / "it's").exists()


def test_a_start_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "START_TIMEOUT_SECONDS", 0)
    with pytest.raises(WarehouseStartError, match="did not start"), embedded_warehouse(None):
        pass


def test_a_process_that_ignores_its_end_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "STOP_TIMEOUT_SECONDS", 0.1)
    code = "import signal, time; signal.signal(15, signal.SIG_IGN); print('up'); time.sleep(60)"
    stubborn = subprocess.Popen(
        [sys.executable, "-u", "-c", code], stdout=subprocess.PIPE, text=True
    )
    assert stubborn.stdout is not None
    assert stubborn.stdout.readline() == "up\n"
    process._stop(stubborn)
    assert stubborn.returncode == -signal.SIGKILL


def start(*arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "runtime.warehouse", *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=REPOSITORY,
    )


def test_the_command_announces_itself_and_ends_by_signal() -> None:
    with start("--port", "0") as command:
        assert command.stdout is not None
        word, host, port = command.stdout.readline().split()
        assert (word, host) == ("ready", "127.0.0.1")
        with connect(config(Endpoint(host, int(port)))) as session:
            assert execute_sql(session, "SELECT 1")[0].rows == [(1,)]
        os.kill(command.pid, signal.SIGTERM)
        _, errors = command.communicate(timeout=300)
        assert (command.returncode, errors) == (0, "")


def test_the_command_ends_with_its_input_and_names_a_taken_port(warehouse: Endpoint) -> None:
    with start("--port", str(warehouse.port)) as taken, start("--until-stdin-closes") as command:
        assert command.stdout is not None
        assert command.stdout.readline().startswith("ready 127.0.0.1 ")
        command.communicate("ignored\n", timeout=300)
        assert command.returncode == 0
        _, errors = taken.communicate(timeout=300)
        assert taken.returncode == 2
        assert errors.startswith("embedded warehouse: ")


def test_requests_without_a_session_are_answered(warehouse: Endpoint) -> None:
    url = f"http://{warehouse.host}:{warehouse.port}"
    sent = httpx.post(f"{url}/telemetry/send", json={"logs": []})
    assert (sent.status_code, sent.json()["success"]) == (200, True)
    for path in ("/queries/v1/query-request", "/session?delete=true"):
        refused = httpx.post(
            f"{url}{path}",
            json={"sqlText": "SELECT 1"},
            headers={"Authorization": 'Snowflake Token="of nobody"'},
        )
        assert (refused.status_code, refused.json()["code"]) == (401, "390104")


def test_a_login_that_fails_says_why(warehouse: Endpoint) -> None:
    broken = config(warehouse).model_copy(update={"schema_name": "it's"})
    with pytest.raises(SnowflakeConnectionError, match="Not supported by the embedded warehouse"):
        connect(broken)


def test_long_statements_arrive_whole(connection: SnowflakeConnection) -> None:
    text = "".join(str(number) for number in range(60_000))
    (result,) = execute_sql(connection, f"SELECT LENGTH('{text}')")
    assert result.rows == [(len(text),)]


def test_null_timestamps_are_null(connection: SnowflakeConnection) -> None:
    (result,) = execute_sql(
        connection,
        "SELECT '1969-07-20 20:17:40.5'::TIMESTAMP_NTZ a, '2024-01-01'::TIMESTAMP_TZ b "
        "UNION ALL SELECT NULL, NULL ORDER BY a",
    )
    assert result.rows[1] == (None, None)
    assert result.rows[0][0] == dt.datetime(1969, 7, 20, 20, 17, 40, 500000)
    assert result.rows[0][1] == dt.datetime(2024, 1, 1, tzinfo=dt.timezone.utc)


def test_truncate_if_exists(connection: SnowflakeConnection, query: Query) -> None:
    execute_sql(
        connection,
        """
        CREATE TABLE t (id NUMBER); INSERT INTO t VALUES (1);
        -- twice, and once in vain
        TRUNCATE TABLE IF EXISTS t; truncate if exists "NOWHERE";
        """,
    )
    assert query("SELECT * FROM t") == []


@pytest.mark.parametrize(
    "sql",
    [
        "ALTER SESSION SET QUERY_TAG = 'x'",
        "ALTER SESSION UNSET TIMEZONE",
        "GRANT SELECT ON TABLE t TO ROLE r",
        "REVOKE ALL ON TABLE t FROM ROLE r",
        "CREATE OR REPLACE WAREHOUSE w WAREHOUSE_SIZE = 'XSMALL'",
        "ALTER WAREHOUSE w RESUME",
        "USE SECONDARY ROLES ALL",
        "/* c */ DROP STAGE IF EXISTS nowhere",
    ],
)
def test_statements_without_effect(connection: SnowflakeConnection, sql: str) -> None:
    assert execute_sql(connection, sql)[0].rows == [("Statement executed successfully.",)]


def test_a_session_knows_its_query_tag(connection_config: ConnectionConfig) -> None:
    asked = "SHOW PARAMETERS LIKE 'QUERY_TAG' IN SESSION"
    with connect(connection_config, query_tag="it's/me") as session:
        (found,) = execute_sql(session, asked)
        assert dict(zip(found.columns, found.rows[0], strict=True))["value"] == "it's/me"
        execute_sql(session, "ALTER SESSION SET QUERY_TAG = 'you''re next'")
        assert execute_sql(session, asked)[0].rows[0][1] == "you're next"
        execute_sql(session, "ALTER SESSION UNSET QUERY_TAG")
        assert execute_sql(session, asked)[0].rows[0][1] == ""


def test_autocommit_is_not_without_effect(connection: SnowflakeConnection, query: Query) -> None:
    execute_sql(connection, "CREATE TABLE t (id NUMBER)")
    connection.autocommit(False)
    execute_sql(connection, "INSERT INTO t VALUES (1)")
    connection.rollback()
    assert query("SELECT * FROM t") == []


def test_stages_are_dropped_with_their_files(
    connection: SnowflakeConnection, tmp_path: Path
) -> None:
    file = tmp_path / "a.csv"
    file.write_text("1\n", encoding="utf-8")
    execute_sql(connection, f"CREATE STAGE s; PUT 'file://{file}' @s AUTO_COMPRESS = FALSE")
    assert len(execute_sql(connection, "LIST @s")[0].rows) == 1
    execute_sql(connection, "DROP STAGE s; CREATE STAGE s")
    assert execute_sql(connection, "LIST @s")[0].rows == []
    execute_sql(connection, "DROP STAGE s")
    with pytest.raises(SqlExecutionError):
        execute_sql(connection, "DROP STAGE s")


def test_temporary_tables_end_with_their_session(
    connection_config: ConnectionConfig, query: Query
) -> None:
    schema = connection_config.schema_name
    with connect(connection_config) as session:
        execute_sql(
            session,
            f"CREATE TEMP TABLE {schema}.w AS SELECT 1 AS id; "
            f'CREATE OR REPLACE TEMPORARY TABLE "{schema}".W AS SELECT 2 AS id; '
            f"CREATE OR REPLACE TEMPORARY TABLE {schema}.w AS SELECT 3 AS id",
        )
        assert execute_sql(session, "SELECT * FROM w")[0].rows == [(3,)]
    assert query("SHOW TABLES") == []


def test_a_temporary_table_never_takes_a_permanent_ones_place(
    connection_config: ConnectionConfig, query: Query
) -> None:
    query("CREATE TABLE kept AS SELECT 1 AS id")
    kept = f"{connection_config.schema_name}.kept"
    with (
        connect(connection_config) as session,
        pytest.raises(SqlExecutionError, match="has the name of a permanent one"),
    ):
        execute_sql(session, f"CREATE OR REPLACE TEMPORARY TABLE {kept} (id NUMBER)")
    assert query("SELECT * FROM kept") == [(1,)]


def test_the_end_of_a_session_rolls_back(connection_config: ConnectionConfig, query: Query) -> None:
    query("CREATE TABLE t (id NUMBER)")
    with connect(connection_config) as session:
        execute_sql(session, "BEGIN; INSERT INTO t VALUES (1)")
    assert query("SELECT * FROM t") == []
    query("INSERT INTO t VALUES (2)")


def test_what_is_not_supported_fails_at_once(connection: SnowflakeConnection) -> None:
    execute_sql(connection, "CREATE TABLE t (id NUMBER)")
    with pytest.raises(
        SqlExecutionError, match="Not supported by the embedded warehouse"
    ) as caught:
        # Stages are noted in another database than the table's.
        execute_sql(connection, "BEGIN; INSERT INTO t VALUES (1); CREATE STAGE files")
    assert caught.value.sqlstate == "0A000"


class NoSession:
    """Stands for a session in statements that must not ask it anything."""


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT 'TRUNCATE TABLE IF EXISTS t'",
        "ALTER SESSION SET AUTOCOMMIT = FALSE",
        "CREATE TEMPORARY TABLE t (id NUMBER)",
        "CREATE TABLE a.temp (id NUMBER)",
        "TRUNCATE TABLE t",
        "TRUNCATE TABLE IF EXISTS t; DROP TABLE x",
        "GRANTS",
    ],
)
def test_everything_else_is_left_alone(sql: str) -> None:
    assert rewrite(sql, NoSession()) == sql  # type: ignore[arg-type]


def test_comments_before_a_statement_do_not_hide_it() -> None:
    sql = "\n-- one\n// two\n/* three\n */ GRANT USAGE ON SCHEMA s TO ROLE r"
    assert rewrite(sql, NoSession()) == DONE  # type: ignore[arg-type]


def test_large_results_come_in_chunks(warehouse: Endpoint, connection: SnowflakeConnection) -> None:
    rows = results.INLINE_ROWS + results.CHUNK_ROWS + 5
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT SEQ4() AS N FROM TABLE(GENERATOR(ROWCOUNT => {rows}))")
        batches = cursor.get_result_batches() or []
        assert [batch.rowcount for batch in batches] == [results.INLINE_ROWS, results.CHUNK_ROWS, 5]
        assert sorted(row[0] for row in cursor.fetchall()) == list(range(rows))
    answer = httpx.get(f"http://{warehouse.host}:{warehouse.port}/results/none/0")
    assert answer.status_code == 404


def test_only_the_last_results_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(results, "KEPT_QUERIES", 2)
    kept = results.LastResults()
    for number in range(4):
        kept[str(number)] = number
    assert list(kept) == ["2", "3"]


def test_a_merge_joins_a_transaction(connection: SnowflakeConnection, query: Query) -> None:
    execute_sql(connection, "CREATE TABLE t (id NUMBER, v VARCHAR); INSERT INTO t VALUES (1, 'a')")
    execute_sql(connection, "CREATE TABLE s AS SELECT 1 AS id, 'b' AS v UNION ALL SELECT 2, 'c'")
    merge = (
        "MERGE INTO t USING s ON t.id = s.id WHEN MATCHED THEN UPDATE SET v = s.v "
        "WHEN NOT MATCHED THEN INSERT (id, v) VALUES (s.id, s.v)"
    )
    execute_sql(connection, f"BEGIN; UPDATE t SET v = 'z'; {merge}; ROLLBACK")
    assert query("SELECT * FROM t") == [(1, "a")]
    execute_sql(connection, f"BEGIN; UPDATE t SET v = 'z'; {merge}; COMMIT")
    assert query("SELECT * FROM t ORDER BY 1") == [(1, "b"), (2, "c")]
