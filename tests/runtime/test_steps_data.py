"""The Snowflake and inference steps, in ZenML pipelines that are written by hand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest
from zenml import pipeline, step
from zenml.client import Client
from zenml.enums import ExecutionMode

from runtime.config import ConnectionConfig, MlflowConfig
from runtime.context import RunContext
from runtime.exceptions import ConfigError, TaskTimeoutError
from runtime.inference import SnowflakeFeatureStore
from runtime.models import ModelNotFoundError
from runtime.snowflake import connect, execute_sql
from runtime.snowflake.errors import SqlExecutionError, WriteError
from runtime.steps import (
    batch_predict,
    load_features,
    load_model,
    run_snowflake_sql,
    write_predictions,
)
from runtime.tables import Table

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import EmittedProject  # type: ignore[import-not-found, unused-ignore]

Query = Callable[[str], list[tuple[Any, ...]]]

DAG_ID = "ltv-by-hand"
TENURES = [6, 12]
FEATURES_SQL = """
    SELECT ID, AMOUNT, ORDERS AS "COUNT" FROM FEATURES
    WHERE TENURE = {{ params.tenure }} AND SINCE <= '{{ ds }}' ORDER BY ID
"""


def run_on(day: str, **params: Any) -> RunContext:
    start = dt.datetime.fromisoformat(f"{day}T02:00:00+00:00")
    return RunContext(
        dag_id=DAG_ID,
        run_id=f"scheduled__{start.isoformat()}",
        run_type="scheduled",
        logical_date=start,
        data_interval_start=start,
        data_interval_end=start + dt.timedelta(days=1),
        params=params,
    )


@pytest.fixture(autouse=True)
def project(
    zenml_store: Path,
    emitted_project: EmittedProject,
    connection_config: ConnectionConfig,
    mlflow_config: MlflowConfig,
) -> Iterator[EmittedProject]:
    """An emitted project on the embedded warehouse, with a table of features."""
    settings = connection_config.model_dump(by_alias=True, exclude_none=True, exclude={"extra"})
    settings["password"] = "embedded"
    emitted_project.configure(
        "base",
        {
            "connections": {"snowflake_default": settings},
            "mlflow": {"tracking_uri": mlflow_config.tracking_uri},
        },
    )
    emitted_project.write("sql/ltv/features.sql", FEATURES_SQL)
    with connect(connection_config) as session:
        execute_sql(
            session,
            """
            CREATE TABLE features (
                tenure NUMBER, id NUMBER, amount NUMBER(12, 2), orders NUMBER, since DATE
            );
            INSERT INTO features VALUES
                (6, 1, 10.50, 1, '2024-01-01'),
                (6, 2, 20, 2, '2024-01-01'),
                (6, 3, 1, 0, '2024-07-01'),
                (12, 1, 100, 7, '2024-01-01');
            CREATE TABLE predictions (
                run_date DATE NOT NULL, tenure NUMBER NOT NULL, id NUMBER NOT NULL,
                ltv FLOAT, model_name VARCHAR, model_version VARCHAR
            );
            """,
        )
    yield emitted_project


def run_pipeline(defined: Any, run: RunContext) -> Any:
    """Run and give the finished run; raises what the failing step raised."""
    return defined(run=run)


def outputs(finished: Any, name: str) -> Any:
    return Client().get_pipeline_run(finished.id).steps[name].output.load()


@pipeline(name=DAG_ID, enable_cache=False)
def predict_by_tenure(run: RunContext) -> None:
    for tenure in TENURES:
        features = load_features(
            "ltv/features.sql", parameters={"tenure": tenure}, id=f"predict_{tenure}m.load_features"
        )
        model = load_model("revenue", id=f"predict_{tenure}m.load_model")
        predictions = batch_predict(
            features,
            model,
            output_column="LTV",
            keys=["ID"],
            cap=100,
            columns={"MODEL_NAME": "{{ model.name }}", "MODEL_VERSION": "{{ model.version }}"},
            id=f"predict_{tenure}m.batch_predict",
        )
        write_predictions(
            predictions,
            "PREDICTIONS",
            mode="append" if tenure == 6 else "overwrite_partition",
            keys=["ID"],
            partition={"RUN_DATE": "{{ ds }}", "TENURE": tenure},
            id=f"predict_{tenure}m",
        )


@pipeline(enable_cache=False)
def asks_for_its_tag(run: RunContext) -> None:
    load_features("SHOW PARAMETERS LIKE 'QUERY_TAG'", id="tagged")


def test_queries_are_tagged_with_pipeline_task_and_run() -> None:
    run = run_on("2024-06-01")
    (tag,) = outputs(run_pipeline(asks_for_its_tag, run), "tagged")["value"]
    assert tag == f"{DAG_ID}/tagged/{run.run_id}"


@pytest.mark.slow
def test_two_tenures_twice_for_one_date(query: Query) -> None:
    june = dt.date(2024, 6, 1)
    expected = [
        (june, 6, 1, pytest.approx(22.0), "revenue", "1"),
        (june, 6, 2, pytest.approx(42.0), "revenue", "1"),
        (june, 12, 1, pytest.approx(100.0), "revenue", "1"),
    ]
    rows = "SELECT * FROM predictions ORDER BY 1, 2, 3"
    finished = run_pipeline(predict_by_tenure, run_on("2024-06-01"))
    assert query(rows) == expected
    assert outputs(finished, "predict_6m") == 2
    metadata = Client().get_pipeline_run(finished.id).steps["predict_6m.batch_predict"].run_metadata
    assert metadata["rows"] == 2
    assert metadata["prediction_max"] == pytest.approx(42.0)
    import mlflow

    tracked = mlflow.MlflowClient().get_run(str(metadata["mlflow_run_id"]))
    assert tracked.data.metrics["prediction_mean"] == pytest.approx(32.0)
    assert tracked.data.tags["logical_date"] == "2024-06-01T02:00:00+00:00"
    assert tracked.data.tags["model_version"] == "1"
    assert tracked.info.status == "FINISHED"

    run_pipeline(predict_by_tenure, run_on("2024-06-01"))
    assert query(rows) == expected
    run_pipeline(predict_by_tenure, run_on("2024-08-01"))
    assert len(query(rows)) == 3 + 4


@pipeline(name="sql-by-hand", enable_cache=False, execution_mode=ExecutionMode.FAIL_FAST)
def sql_pipeline(run: RunContext) -> None:
    run_snowflake_sql("ltv/features.sql", params={"tenure": 6}, id="file")
    run_snowflake_sql(
        ["SELECT 1", "SELECT '{{ ds }}' AS d, %(n)s; SELECT %(n)s + 1, 'a'"],
        parameters={"n": 4},
        return_last=False,
        id="many",
    )
    run_snowflake_sql(
        "SELECT 1.5::NUMBER(4, 2), 2::NUMBER(4, 2), '2024-01-02'::DATE, "
        "'2024-01-02 03:04:05'::TIMESTAMP_NTZ, NULL, TRUE, 1.25::FLOAT, TO_BINARY('ab', 'HEX')",
        id="types",
    )
    run_snowflake_sql("SELECT %s || '%%'", parameters=["{{ params.word }}"], id="list_binding")
    run_snowflake_sql("SELECT ';'", split_statements=False, id="unsplit")
    run_snowflake_sql(
        "CREATE TABLE here (id NUMBER)",
        database="{{ params.database }}",
        schema_name="ELSEWHERE",
        warehouse="WH",
        role="R",
        id="elsewhere",
    )
    run_snowflake_sql(
        "INSERT INTO ELSEWHERE.here VALUES (1); SELECT 1",
        autocommit=False,
        id="transaction",
        after=["elsewhere"],
    )


def test_sql(query: Query) -> None:
    finished = run_pipeline(sql_pipeline, run_on("2024-06-01", word="x'y", database="TESTS"))
    assert outputs(finished, "file") == [[1, 10.5, 1], [2, 20, 2]]
    assert outputs(finished, "many") == [[[1]], [["2024-06-01", 4]], [[5, "a"]]]
    assert outputs(finished, "types") == [
        [1.5, 2, "2024-01-02", "2024-01-02 03:04:05", None, True, 1.25, "ab"]
    ]
    assert outputs(finished, "list_binding") == [["x'y%"]]
    assert outputs(finished, "unsplit") == [[";"]]
    assert query("SELECT id FROM TESTS.ELSEWHERE.here") == [(1,)]
    query("DROP TABLE TESTS.ELSEWHERE.here")
    metadata = Client().get_pipeline_run(finished.id).steps["many"].run_metadata
    assert metadata["rowcounts"] == [1, 1, 1]


@pipeline(name="rollback-by-hand", enable_cache=False, execution_mode=ExecutionMode.FAIL_FAST)
def failing_transaction(run: RunContext) -> None:
    run_snowflake_sql(
        "DELETE FROM features; SELECT * FROM nowhere", autocommit=False, id="transaction"
    )


def test_without_autocommit_a_failure_changes_nothing(query: Query) -> None:
    with pytest.raises(SqlExecutionError, match="Statement 2 of 2 failed"):
        run_pipeline(failing_transaction, run_on("2024-06-01"))
    assert query("SELECT COUNT(*) FROM features") == [(4,)]


@pipeline(name="missing-alias-by-hand", enable_cache=False, execution_mode=ExecutionMode.FAIL_FAST)
def missing_alias(run: RunContext) -> None:
    load_model("revenue", alias="{{ params.alias }}")


def test_a_missing_alias_lists_the_aliases() -> None:
    with pytest.raises(ModelNotFoundError, match="no alias 'champion'. Aliases: next"):
        run_pipeline(missing_alias, run_on("2024-06-01", alias="champion"))


@step(enable_cache=False)
def make_frame() -> Any:
    import pandas as pd

    return pd.DataFrame({"ID": [1, 1], "LTV": [1.0, 2.0]})


@pipeline(name="append-by-hand", enable_cache=False, execution_mode=ExecutionMode.FAIL_FAST)
def append(run: RunContext) -> None:
    write_predictions(make_frame(), "{{ params.table }}")


@pipeline(name="duplicates-by-hand", enable_cache=False, execution_mode=ExecutionMode.FAIL_FAST)
def duplicates(run: RunContext) -> None:
    write_predictions(
        make_frame(), "PREDICTIONS", keys=["ID"], partition={"RUN_DATE": "{{ ds }}", "TENURE": 6}
    )


def test_append_without_partition(query: Query) -> None:
    query("CREATE TABLE plain (id NUMBER, ltv FLOAT)")
    run_pipeline(append, run_on("2024-06-01", table="plain"))
    assert query("SELECT * FROM plain ORDER BY ltv") == [(1, 1.0), (1, 2.0)]


def test_duplicate_keys_are_refused(query: Query) -> None:
    with pytest.raises(WriteError, match="2 rows for PREDICTIONS share a key"):
        run_pipeline(duplicates, run_on("2024-06-01"))
    assert query("SELECT COUNT(*) FROM predictions") == [(0,)]


@pipeline(
    name="unknown-connection-by-hand", enable_cache=False, execution_mode=ExecutionMode.FAIL_FAST
)
def unknown_connection(run: RunContext) -> None:
    run_snowflake_sql("SELECT 1", connection="snowflake_defualt")


def test_an_unknown_connection_is_named() -> None:
    with pytest.raises(ConfigError, match="snowflake_default"):
        run_pipeline(unknown_connection, run_on("2024-06-01"))


@pipeline(name="timeout-by-hand", enable_cache=False, execution_mode=ExecutionMode.FAIL_FAST)
def slow_query(run: RunContext) -> None:
    run_snowflake_sql(
        "SELECT COUNT(*) FROM TABLE(GENERATOR(ROWCOUNT => 60000)) a "
        "CROSS JOIN TABLE(GENERATOR(ROWCOUNT => 600000)) b",
        timeout_seconds=0.5,
    )


def test_a_timeout_stops_the_step() -> None:
    with pytest.raises(TaskTimeoutError, match="0.5 s"):
        run_pipeline(slow_query, run_on("2024-06-01"))


@step(enable_cache=False)
def newest_features() -> list[list[Any]]:
    store = SnowflakeFeatureStore(timestamp="SINCE")
    rows = store.read("features", keys=["TENURE"], as_of=dt.datetime(2024, 6, 1))
    assert isinstance(rows, Table)
    return sorted([int(row.TENURE), int(row.ID)] for row in rows.to_pandas().itertuples())


@pipeline(name="large-by-hand", enable_cache=False)
def in_files(run: RunContext) -> None:
    features = load_features('SELECT ID, AMOUNT, NULLIF(ORDERS, 7) AS "COUNT" FROM FEATURES')
    predictions = batch_predict(
        features,
        load_model("revenue"),
        output_column="LTV",
        keys=["ID"],
        batch_size=2,
        on_error="quarantine",
        max_quarantined_share=0.5,
        quarantine_table="rejected",
        rename={"LTV": "ltv"},
    )
    write_predictions(
        predictions, "PREDICTIONS", partition={"RUN_DATE": "{{ ds }}", "TENURE": 0}, id="written"
    )
    newest_features()


def test_many_rows_and_those_that_cannot_be_predicted(
    query: Query, monkeypatch: pytest.MonkeyPatch
) -> None:
    query(
        "CREATE TABLE rejected (run_id VARCHAR, task_id VARCHAR, row_number NUMBER, "
        "reason VARCHAR, features VARCHAR)"
    )
    monkeypatch.setattr("runtime.steps.features.FRAME_ROWS", 1)
    for _ in range(2):
        finished = run_pipeline(in_files, run_on("2024-06-01"))
        count = query("SELECT COUNT(*) FROM features")[0][0]
        assert outputs(finished, "written") == count - 1
        assert isinstance(outputs(finished, "batch_predict"), Table)
        assert outputs(finished, "newest_features")[-1] == [12, 1]
        ((run_id, task, features),) = query("SELECT run_id, task_id, features FROM rejected")
        assert (run_id, task) == (run_on("2024-06-01").run_id, "batch_predict")
        assert '"AMOUNT":100.0' in features
    metadata = Client().get_pipeline_run(finished.id).steps["batch_predict"].run_metadata
    assert metadata["quarantined_rows"] == 1
