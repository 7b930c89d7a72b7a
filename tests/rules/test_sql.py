"""SnowflakeOperator, SnowflakeSqlApiOperator and SQLExecuteQueryOperator."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.rules.lowered import HEAD, lower, one

SNOWFLAKE = "airflow.providers.snowflake.operators.snowflake"
COMMON = "airflow.providers.common.sql.operators.sql"


def snowflake(arguments: str) -> str:
    return f"SnowflakeOperator(task_id='t', sql='SELECT 1', {arguments})"


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ("snowflake_conn_id='snowflake_default'", ")"),
        ("snowflake_conn_id='etl'", ", connection='etl')"),
        ("warehouse='W', database='D'", ", warehouse='W', database='D')"),
        ("schema='S', role='R'", ", schema_name='S', role='R')"),
        ("hook_params={'role': 'R'}, schema='S'", ", role='R', schema_name='S')"),
        ("parameters={'day': '{{ ds }}'}", ", parameters={'day': '{{ ds }}'})"),
        ("parameters=[1, 2]", ", parameters=[1, 2])"),
        ("params={'a': 1}", ", params={'a': 1})"),
        ("params={}", ")"),
        ("autocommit=True", ")"),
        ("autocommit=False", ")"),
        (
            "split_statements=False, return_last=False",
            ", split_statements=False, return_last=False)",
        ),
        ("split_statements=None, return_last=True", ", return_last=True)"),
        ("session_parameters={'QUERY_TAG': 'x'}", ")"),
        ("session_parameters={}, authenticator=None", ")"),
        ("show_return_value_in_logs=True, requires_result_fetch=True", ")"),
    ],
)
def test_arguments(arguments: str, expected: str, tmp_path: Path) -> None:
    lowered = one(tmp_path, SNOWFLAKE, snowflake(arguments))

    assert lowered.texts == [f"run_snowflake_sql('d/t.sql'{expected}"]
    assert (lowered.untaken, lowered.refused) == ([], [])


def test_params_with_a_schema_give_their_defaults(tmp_path: Path) -> None:
    text = (
        f"{HEAD}from airflow.models.param import Param\nfrom {SNOWFLAKE} import SnowflakeOperator\n"
        'with DAG("d", start_date=datetime(2024, 1, 1), schedule=None):\n'
        "    SnowflakeOperator(task_id='t', sql='SELECT {{ params.a }}',"
        " params={'a': Param(3, type='integer')})\n"
    )

    assert lower(tmp_path, text).texts == ["run_snowflake_sql('d/t.sql', params={'a': 3})"]


def test_several_changes_are_one_transaction(tmp_path: Path) -> None:
    call = "SnowflakeOperator(task_id='t', sql='DELETE FROM a; INSERT INTO a SELECT 1'{})"

    assert "autocommit=False" in one(tmp_path, SNOWFLAKE, call.format("")).texts[0]
    told = one(tmp_path, SNOWFLAKE, call.format(", autocommit=True")).texts[0]
    assert told == "run_snowflake_sql('d/t.sql')"


def test_a_transaction_of_its_own_stays(tmp_path: Path) -> None:
    sql = "BEGIN; DELETE FROM a; INSERT INTO a SELECT 1; COMMIT"

    lowered = one(tmp_path, SNOWFLAKE, f"SnowflakeOperator(task_id='t', sql='{sql}')")

    assert lowered.texts == ["run_snowflake_sql('d/t.sql')"]


@pytest.mark.parametrize(
    ("arguments", "untaken"),
    [
        ("session_parameters={'TIMEZONE': 'UTC'}", ["session_parameters"]),
        ("handler=print", ["handler"]),
        ("output_processor=print", ["output_processor"]),
    ],
)
def test_what_the_rule_does_not_know_is_left(
    arguments: str, untaken: list[str], tmp_path: Path
) -> None:
    assert one(tmp_path, SNOWFLAKE, snowflake(arguments)).untaken == untaken


def test_signing_in_is_a_setting(tmp_path: Path) -> None:
    lowered = one(tmp_path, SNOWFLAKE, snowflake("authenticator='externalbrowser'"))

    assert lowered.codes.count(("D2Z308", "warning")) == 2


@pytest.mark.parametrize("value", ["{'timeout': 3}", "datetime.now()"])
def test_other_hook_params_stop_the_task(value: str, tmp_path: Path) -> None:
    lowered = one(tmp_path, SNOWFLAKE, snowflake(f"hook_params={value}"))

    assert lowered.codes == [("D2Z303", "manual")]


def test_the_connection_gets_what_migration_yaml_says(tmp_path: Path) -> None:
    config = "connections:\n  etl: {type: snowflake, account: acme, schema: RAW}\n"

    lowered = one(tmp_path, SNOWFLAKE, snowflake("snowflake_conn_id='etl'"), config)

    connection = lowered.config["connections"]["etl"]  # type: ignore[index]
    assert connection["account"] == "acme"
    assert connection["schema"] == "RAW"
    assert connection["password"] == "${ETL_PASSWORD}"


@pytest.mark.parametrize(
    "reader",
    [
        "BashOperator(task_id='r', bash_command=\"{{ ti.xcom_pull('t') }}\")",
        "PythonOperator(task_id='r', python_callable=print, op_args=[t.output])",
    ],
)
def test_rows_that_another_task_reads_have_another_form(reader: str, tmp_path: Path) -> None:
    text = (
        f"{HEAD}from {SNOWFLAKE} import SnowflakeOperator\n"
        "from airflow.operators.bash import BashOperator\n"
        "from airflow.operators.python import PythonOperator\n"
        'with DAG("d", start_date=datetime(2024, 1, 1), schedule=None):\n'
        f"    t = SnowflakeOperator(task_id='t', sql='SELECT 1')\n    {reader}\n"
    )

    assert ("D2Z313", "warning") in lower(tmp_path, text).codes


def test_the_sql_api_needs_no_polling(tmp_path: Path) -> None:
    call = (
        "SnowflakeSqlApiOperator(task_id='t', sql='SELECT 1', statement_count=1, poll_interval=3,"
        " deferrable=True, bindings={})"
    )

    lowered = one(tmp_path, SNOWFLAKE, call)

    assert lowered.texts == ["run_snowflake_sql('d/t.sql')"]
    assert lowered.codes.count(("D2Z311", "info")) == 3
    assert lowered.untaken == []


def test_bindings_of_the_sql_api_are_left(tmp_path: Path) -> None:
    call = "SnowflakeSqlApiOperator(task_id='t', sql='SELECT ?', bindings={'1': {'value': 'x'}})"

    assert one(tmp_path, SNOWFLAKE, call).untaken == ["bindings"]


def common(arguments: str) -> str:
    return f"SQLExecuteQueryOperator(task_id='t', sql='SELECT 1', {arguments})"


@pytest.mark.parametrize(
    ("arguments", "config", "ok"),
    [
        ("conn_id='my_snowflake'", "", True),
        ("conn_id='warehouse'", "connections: {warehouse: {type: snowflake}}", True),
        ("conn_id='warehouse'", "", True),
        ("conn_id='my_snowflake'", "connections: {my_snowflake: {type: postgres}}", True),
        ("conn_id='warehouse'", "connections: {warehouse: {type: trino}}", False),
        ("conn_id=datetime.now()", "", False),
        ("database='x'", "", False),
    ],
)
def test_which_connections_can_be_run(
    arguments: str, config: str, ok: bool, tmp_path: Path
) -> None:
    lowered = one(tmp_path, COMMON, common(arguments), config)

    assert (lowered.texts != []) is ok
    assert [found.code for found in lowered.refused] == ([] if ok else ["D2Z303"])


def test_the_usual_handler_is_what_the_step_does(tmp_path: Path) -> None:
    call = common("conn_id='snowflake', handler=fetch_all_handler")
    text = (
        f"{HEAD}from {COMMON} import SQLExecuteQueryOperator\n"
        "from airflow.providers.common.sql.hooks.sql import fetch_all_handler\n"
        f'with DAG("d", start_date=datetime(2024, 1, 1), schedule=None):\n    {call}\n'
    )

    lowered = lower(tmp_path, text)

    assert lowered.texts == ["run_snowflake_sql('d/t.sql', connection='snowflake')"]
    assert lowered.untaken == []


def test_the_database_of_a_common_operator_is_the_schema_in_snowflake(tmp_path: Path) -> None:
    lowered = one(tmp_path, COMMON, common("conn_id='snowflake', database='D'"))

    assert lowered.texts == [
        "run_snowflake_sql('d/t.sql', connection='snowflake', schema_name='D')"
    ]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ("conn_id='postgres_shop'", "'postgres_shop')"),
        ("conn_id='shop', database='D'", "'shop', database='D')"),
        ("conn_id='shop', hook_params={'schema': 'D'}", "'shop', database='D')"),
        ("conn_id='shop', autocommit=True", "'shop', autocommit=True)"),
        ("conn_id='shop', parameters=[1]", "'shop', parameters=[1])"),
        (
            "conn_id='shop', split_statements=True, return_last=False",
            "'shop', split_statements=True, return_last=False)",
        ),
        ("conn_id='shop', params={'a': 1}", "'shop', params={'a': 1})"),
        ("conn_id='shop', handler=None", "'shop', handler=None)"),
        ("conn_id='shop', handler=fetch_all_handler", "'shop')"),
        (
            "conn_id='shop', handler=fetch_one_handler",
            "'shop', handler='runtime.hooks.fetch_one_handler')",
        ),
        ("conn_id='shop', handler=lambda cursor: 1", "'shop', handler='steps.d.t_handler')"),
    ],
)
def test_another_database(arguments: str, expected: str, tmp_path: Path) -> None:
    text = (
        f"{HEAD}from {COMMON} import SQLExecuteQueryOperator\n"
        "from airflow.providers.common.sql.hooks.sql import fetch_all_handler, fetch_one_handler\n"
        f'with DAG("d", start_date=datetime(2024, 1, 1), schedule=None):\n    {common(arguments)}\n'
    )

    lowered = lower(tmp_path, text)

    assert lowered.texts == [f"run_sql('d/t.sql', connection={expected}"]
    assert (lowered.untaken, lowered.refused) == ([], [])


def test_a_type_that_nothing_tells_is_a_setting(tmp_path: Path) -> None:
    lowered = one(tmp_path, COMMON, common("conn_id='shop'"))

    assert lowered.codes == [("D2Z308", "warning")]
    assert "SHOP_TYPE" in lowered.findings[0].remedy
    connection = lowered.config["connections"]["shop"]  # type: ignore[index]
    assert connection["type"] == "${SHOP_TYPE}"
    assert connection["schema"] == "${SHOP_SCHEMA}"


@pytest.mark.parametrize(
    ("sql", "conn_id", "codes"),
    [
        ("SELECT a::int FROM t", "postgres", []),
        ("SELECT a FROM (", "postgres", [("D2Z403", "warning")]),
        ("SELECT a FROM (", "shop", []),
        ("SELECT {{ nonsense( }}", "shop", [("D2Z405", "manual")]),
    ],
)
def test_sql_is_read_in_the_dialect_of_its_database(
    sql: str, conn_id: str, codes: list[tuple[str, str]], tmp_path: Path
) -> None:
    call = f"SQLExecuteQueryOperator(task_id='t', sql='{sql}', conn_id='{conn_id}')"

    found = one(tmp_path, COMMON, call).codes

    assert [code for code in found if code[0] != "D2Z308"] == codes


@pytest.mark.parametrize(
    ("module", "call", "expected", "kind"),
    [
        ("airflow.providers.postgres.operators.postgres", "PostgresOperator({})", "postgres_default", "postgres"),
        ("airflow.operators.postgres_operator", "PostgresOperator({}, postgres_conn_id='x')", "x", "postgres"),
        ("airflow.providers.mysql.operators.mysql", "MySqlOperator({}, mysql_conn_id='x')", "x", "mysql"),
        ("airflow.providers.microsoft.mssql.operators.mssql", "MsSqlOperator({})", "mssql_default", "mssql"),
        ("airflow.operators.sqlite_operator", "SqliteOperator({}, sqlite_conn_id='x')", "x", "sqlite"),
    ],
)  # fmt: skip
def test_operators_of_one_database(
    module: str, call: str, expected: str, kind: str, tmp_path: Path
) -> None:
    lowered = one(tmp_path, module, call.format("task_id='t', sql='SELECT 1'"))

    assert lowered.texts == [f"run_sql('d/t.sql', connection='{expected}')"]
    assert lowered.config["connections"][expected]["type"] == kind  # type: ignore[index]


@pytest.mark.parametrize(
    ("argument", "untaken", "refused"),
    [
        ("runtime_parameters={'search_path': 'x'}", ["runtime_parameters"], []),
        ("output_processor=print", ["output_processor"], []),
        ("hook_params={'options': '-c x=1'}", [], ["D2Z303"]),
        ("postgres_conn_id=datetime.now()", [], ["D2Z303"]),
        ("handler=datetime.now()", [], ["D2Z303"]),
    ],
)
def test_what_a_database_step_does_not_take(
    argument: str, untaken: list[str], refused: list[str], tmp_path: Path
) -> None:
    call = f"PostgresOperator(task_id='t', sql='SELECT 1', {argument})"

    lowered = one(tmp_path, "airflow.providers.postgres.operators.postgres", call)

    assert lowered.untaken == untaken
    assert [found.code for found in lowered.refused] == refused
