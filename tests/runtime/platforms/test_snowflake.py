"""Snowpark Container Services: the real connector against the embedded warehouse."""

from __future__ import annotations

import json
import logging
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from runtime.config import ConnectionConfig, PlatformConfig, RuntimeConfig
from runtime.exceptions import PlatformError, TaskTimeoutError
from runtime.platforms import (
    BasePlatform,
    ContainerSpec,
    JobIdentity,
    ModelService,
    create_platform,
)
from runtime.platforms.errors import (
    PlatformConfigError,
    PlatformConnectionError,
    ServedModelError,
    StartupTimeoutError,
    UnsupportedOperationError,
    WorkloadNotFoundError,
)
from runtime.platforms.snowflake.platform import _job_name
from runtime.platforms.snowflake.prediction import predict_rows
from runtime.platforms.snowflake.service import LogTail
from runtime.platforms.snowflake.settings import SnowflakeSettings
from runtime.platforms.snowflake.specification import job_specification
from runtime.platforms.snowflake.statements import create_service, execute_job
from runtime.snowflake import TableName, connect, execute_sql
from runtime.snowflake.errors import InvalidIdentifierError, SqlExecutionError

Make = Callable[..., BasePlatform]
IDENTITY = JobIdentity(dag_id="d", task_id="t", run_id="r")
SERVER = str(Path(__file__).with_name("model_server.py"))
PATIENCE = SnowflakeSettings(compute_pool="p", attempts=3, retry_seconds=0.01)
SETTINGS = {
    "compute_pool": "BATCH_POOL",
    "image_repository": "/db/sc/repo",
    "poll_interval_seconds": 0.05,
    "secrets": {"loader": {"object": "DB.SC.LOADER"}},
}


@pytest.fixture
def make(connection_config: ConnectionConfig) -> Make:
    def platform(**config: Any) -> BasePlatform:
        return create_platform(
            RuntimeConfig(
                connections={"snowflake_default": connection_config},
                platform=PlatformConfig(type="snowflake_spcs", config={**SETTINGS, **config}),
            )
        )

    return platform


def shell(script: str, **fields: Any) -> ContainerSpec:
    image = "registry.example.com/x/shell:1"
    return ContainerSpec.model_validate(
        {"image": image, "name": "t", "arguments": [script], **fields}
    )


def test_a_job_with_its_log_environment_and_secret(
    make: Make, caplog: pytest.LogCaptureFixture
) -> None:
    script = 'echo "$A $$ costs"; echo "$PW"; echo "$SNOWFLAKE_SERVICE_NAME"; echo "Grüße $B"'
    secret = {"deploy_type": "env", "deploy_target": "PW", "secret": "loader", "key": "k"}
    with caplog.at_level(logging.INFO, "runtime.platforms"):
        result = make().run_job(
            shell(script, env={"A": "x", "B": "$$ NAME = evil; DROP"}, secrets=[secret]), IDENTITY
        )
    lines = [record.getMessage() for record in caplog.records][1:]
    assert lines[0].startswith("x ") and lines[0].endswith(" costs")
    assert lines[1] == "secret of DB.SC.LOADER"
    assert lines[2] == _job_name(shell("x"), IDENTITY)
    assert (result.exit_code, result.last_line) == (0, "Grüße $$ NAME = evil; DROP")


def test_a_failed_job_can_be_kept(make: Make) -> None:
    platform, name = make(), _job_name(shell("x"), IDENTITY)
    result = platform.run_job(shell("echo no; exit 3", on_finish_action="keep_pod"), IDENTITY)
    assert (result.exit_code, result.last_line, result.message) == (3, "no", "Job failed")
    assert platform.status(name).state == "failed"
    assert list(platform.logs(name)) == ["no"]
    platform.cleanup(name)
    platform.cleanup(name)
    with pytest.raises(WorkloadNotFoundError, match=f"no service .*{name}"):
        platform.status(name)


def test_a_timeout_drops_the_job(make: Make) -> None:
    platform = make()
    with pytest.raises(TaskTimeoutError, match="was dropped.*0.3 s"):
        platform.run_job(shell("sleep 60", timeout_seconds=0.3), IDENTITY)
    with pytest.raises(WorkloadNotFoundError):
        platform.status(_job_name(shell("x"), IDENTITY))


def test_an_image_that_is_not_there(make: Make) -> None:
    with pytest.raises(StartupTimeoutError, match="did not start.*Failed to pull image '/db/sc/"):
        make().run_job(shell("x", image="no:1", startup_timeout_seconds=0.1))


def test_a_running_job_is_taken_over(
    make: Make,
    connection_config: ConnectionConfig,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    request: pytest.FixtureRequest,
) -> None:
    gate = tmp_path / "gate"
    spec = shell(f"while [ ! -e {gate} ]; do sleep 0.05; done; echo first")
    settings = SnowflakeSettings.model_validate(SETTINGS)
    name = TableName.parse(_job_name(spec, IDENTITY))
    with connect(connection_config) as session:
        execute_sql(
            session, execute_job(name, job_specification(spec, settings), settings), split=False
        )

    class OpensTheGate(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if "is taken over" in record.getMessage():
                gate.touch()

    again = shell("echo second")
    caplog.set_level(logging.INFO, "runtime.platforms")
    caplog_handler = OpensTheGate()
    logging.getLogger("runtime.platforms").addHandler(caplog_handler)
    request.addfinalizer(
        lambda: logging.getLogger("runtime.platforms").removeHandler(caplog_handler)
    )
    assert make().run_job(again, IDENTITY).last_line == "first"
    assert make().run_job(again, IDENTITY).last_line == "second"


def test_without_reattach_the_old_job_is_dropped(make: Make) -> None:
    platform = make()
    platform.run_job(shell("echo a", on_finish_action="keep_pod"), IDENTITY)
    assert platform.run_job(shell("echo b", reattach=False), IDENTITY).last_line == "b"


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def test_a_model_service(make: Make) -> None:
    platform, port = make(), free_port()
    service = ModelService(
        name="adder", image="python:1", arguments=[SERVER, str(port)], port=port, max_replicas=2
    )
    status = platform.deploy(service)
    assert (status.state, status.url) == ("ready", f"127.0.0.1:{port}")
    frame = pd.DataFrame({"a": np.arange(12_000), "b": 0.5})
    predicted = platform.predict("adder", frame)
    assert predicted.tolist() == (frame["a"] + 0.5).tolist()
    assert platform.predict("adder", frame.head(0)).shape == (0,)
    url = f"http://127.0.0.1:{port}/predict"
    for column, message in (
        ("fail", "answered 500"),
        ("nonsense", "gave no rows"),
        ("lose", "1 rows"),
    ):
        with pytest.raises(ServedModelError, match=message):
            predict_rows(url, None, pd.DataFrame({"a": [1, 2], column: [1, 1]}), PATIENCE)
    busy = pd.DataFrame({"a": [1, 2], "busy": [2, 0]})
    assert predict_rows(url, None, busy, PATIENCE).tolist() == [3, 2]
    platform.cleanup("adder")
    with pytest.raises(PlatformConnectionError, match="did not answer in 3 attempts.*run the step"):
        predict_rows(url, None, frame, PATIENCE)


def test_a_model_service_that_ends(make: Make) -> None:
    service = ModelService(name="gone", image="shell:1", arguments=["echo broken; exit 1"])
    with pytest.raises(StartupTimeoutError, match="is failed .*not ready.*broken"):
        make().deploy(service)
    with pytest.raises(UnsupportedOperationError, match="needs the `image`"):
        make().deploy(ModelService(name="x", model_uri="models:/x/1"))


@pytest.mark.parametrize(
    ("sql", "message"),
    [
        (
            "EXECUTE JOB SERVICE IN COMPUTE POOL p NAME = n FROM SPECIFICATION $${}$$",
            "syntax error",
        ),
        (
            "EXECUTE JOB SERVICE IN COMPUTE POOL p FROM SPECIFICATION $${}$$ "
            "NAME = n QUERY_WAREHOUSE = w ASYNC = TRUE",
            "syntax error",
        ),
        ("CREATE SERVICE n FROM SPECIFICATION $${}$$", "syntax error"),
        ("SHOW SERVICE CONTAINERS IN SERVICE nowhere", "does not exist"),
        ("DROP SERVICE nowhere", "does not exist"),
        ("SELECT SYSTEM$GET_SERVICE_LOGS('nowhere', '0', 'main', 3)", "does not exist"),
    ],
)
def test_the_warehouse_is_strict(sql: str, message: str, connection: Any) -> None:
    with pytest.raises(SqlExecutionError, match=message):
        execute_sql(connection, sql, split=False)


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ("spec: {containers: []}", "at least one container"),
        ("spec: {containers: [{name: a}]}", "name and image"),
        ("spec: {containers: [{name: a, image: b, arg: []}]}", r"containers\[0\].arg'"),
        ("spec: {containers: {}}", "must be a list"),
        ("spec: {containers: [{name: a, image: b, env: 3}]}", "env must be a mapping"),
        ("spec: [", "not YAML"),
        ("[]", "specification must be a mapping"),
    ],
)
def test_specifications_are_held_strictly(spec: str, message: str, connection: Any) -> None:
    sql = f"CREATE SERVICE n IN COMPUTE POOL p FROM SPECIFICATION $${spec}$$"
    with pytest.raises(SqlExecutionError, match=f"Invalid spec: .*{message}"):
        execute_sql(connection, sql, split=False)


def test_statements_of_services(connection: Any) -> None:
    spec = "{'spec': {'containers': [{'name': 'main', 'image': '/db/sc/repo/shell:1', 'args': ['exit 2']}]}}"
    sql = f"EXECUTE JOB SERVICE IN COMPUTE POOL p FROM SPECIFICATION $${spec}$$ NAME = sync_job"
    with pytest.raises(SqlExecutionError, match="Job .*SYNC_JOB failed"):
        execute_sql(connection, sql, split=False)
    with pytest.raises(SqlExecutionError, match="already exists"):
        execute_sql(connection, sql, split=False)
    with pytest.raises(SqlExecutionError, match="Container 'other' does not exist"):
        execute_sql(connection, "SELECT SYSTEM$GET_SERVICE_LOGS('sync_job', 0, 'other')")
    assert execute_sql(connection, "SHOW ENDPOINTS IN SERVICE sync_job")[0].rows == []
    execute_sql(connection, "DROP SERVICE sync_job FORCE")
    good = sql.replace("exit 2", "exit 0").replace("sync_job", '"Odd name"')
    assert "DONE" in str(execute_sql(connection, good, split=False)[0].rows)


def test_the_specification_cannot_end_its_quotation() -> None:
    settings = SnowflakeSettings.model_validate(
        {
            **SETTINGS,
            "query_warehouse": "wh",
            "external_access_integrations": ["net_a", '"Odd"'],
        }
    )
    env = {"A$$": "$$ $$; DROP TABLE x; --", "B": "'\"\\\n${X}"}
    spec = shell("$$", env=env, command=["$$"])
    sql = execute_job(TableName.parse("db.sc.j"), job_specification(spec, settings), settings)
    _, quoted, rest = sql.split("$$")
    assert json.loads(quoted)["spec"]["containers"][0]["env"] == env
    assert rest == (
        " NAME = DB.SC.J ASYNC = TRUE QUERY_WAREHOUSE = WH "
        'EXTERNAL_ACCESS_INTEGRATIONS = (NET_A, "Odd")'
    )
    wrong = settings.model_copy(update={"compute_pool": "p; DROP"})
    with pytest.raises(InvalidIdentifierError):
        create_service(TableName.parse("s"), job_specification(spec, settings), wrong, (1, 1))


def test_volumes_and_files_of_secrets() -> None:
    settings = SnowflakeSettings.model_validate(SETTINGS)
    made = job_specification(
        shell(
            "x",
            image="/a/b/c/d:1",
            volumes=[
                {"name": "v", "emptyDir": {}},
                {"name": "m", "emptyDir": {"medium": "Memory", "sizeLimit": "2Gi"}},
            ],
            volume_mounts=[{"name": "v", "mountPath": "/v"}],
            secrets=[{"deploy_type": "volume", "deploy_target": "/s", "secret": "loader"}],
            resources={"limits": {"cpu": "1", "ephemeral-storage": "1Gi"}},
        ),
        settings,
    ).spec
    assert [found.source for found in made.volumes or []] == ["local", "memory"]
    (container,) = made.containers
    assert container.image == "/a/b/c/d:1" and container.resources == {"limits": {"cpu": "1"}}
    assert container.secrets is not None and container.secrets[0].directory_path == "/s"


@pytest.mark.parametrize(
    ("fields", "error", "message"),
    [
        ({"returns_value": True}, UnsupportedOperationError, "a returned value"),
        ({"env_from": [{}]}, UnsupportedOperationError, "env_from"),
        ({"pod_spec": {"initContainers": [1]}}, UnsupportedOperationError, "pod_spec"),
        ({"volumes": [{"name": "v", "hostPath": {}}]}, UnsupportedOperationError, "volume 'v'"),
        ({"secrets": [{"secret": "s"}]}, PlatformConfigError, "secret 's' has no secret of Snow"),
        ({"image": ""}, PlatformConfigError, "no image repository"),
    ],
)
def test_what_snowflake_lacks(fields: Any, error: type[PlatformError], message: str) -> None:
    with pytest.raises(error, match=message):
        job_specification(shell("x", **fields), SnowflakeSettings.model_validate(SETTINGS))


def test_only_new_lines_of_a_log_are_told() -> None:
    tail = LogTail()
    answers = [["a", "b"], ["a", "b"], ["a", "b", "c"], ["c", "d"], [], ["x"]]
    assert [list(tail.new(lines)) for lines in answers] == [["a", "b"], [], ["c"], ["d"], [], ["x"]]


CONNECTS_BACK = """
import os, snowflake.connector
with snowflake.connector.connect(
    user="u", password="p", account=os.environ["SNOWFLAKE_ACCOUNT"], host=os.environ["SNOWFLAKE_HOST"],
    port=int(os.environ["SNOWFLAKE_PORT"]), protocol="http", database="TESTS", schema=os.environ["SCHEMA"],
) as session:
    session.cursor().execute("CREATE TABLE made (id NUMBER)")
    session.cursor().execute("INSERT INTO made VALUES (7)")
"""


@pytest.mark.slow
def test_a_container_that_connects_back(make: Make, connection_config: Any, query: Any) -> None:
    spec = shell(
        "",
        image="python:1",
        arguments=["-c", CONNECTS_BACK],
        env={"SCHEMA": connection_config.schema_name},
    )
    result = make().run_job(spec, IDENTITY)
    assert result.exit_code == 0, result
    assert query("SELECT id FROM made") == [(7,)]
