"""Services of Snowflake over a connection that loses, delays and refuses requests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from runtime.config import ConnectionConfig, PlatformConfig, RuntimeConfig
from runtime.platforms import BasePlatform, ContainerSpec, JobIdentity, create_platform
from runtime.platforms.errors import WorkloadNotFoundError
from runtime.snowflake.errors import SnowflakeConnectionError, SqlExecutionError
from tests.runtime.unsteady import Fault, Unsteady, hurried, unsteady

IDENTITY = JobIdentity(dag_id="d", task_id="t", run_id="r")
SETTINGS = {
    "compute_pool": "POOL",
    "image_repository": "/db/sc/repo",
    "poll_interval_seconds": 0.05,
}


@pytest.fixture
def line(
    connection_config: ConnectionConfig, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Unsteady]:
    """A connection with faults."""
    hurried(monkeypatch)
    with unsteady(connection_config) as made:
        yield made


def platform(connection: ConnectionConfig) -> BasePlatform:
    return create_platform(
        RuntimeConfig(
            connections={"snowflake_default": connection},
            platform=PlatformConfig(type="snowflake_spcs", config=SETTINGS),
        )
    )


def once(file: Path) -> ContainerSpec:
    """A job that leaves a line each time it runs."""
    return ContainerSpec(
        image="registry.example.com/x/shell:1",
        name="t",
        arguments=[f"echo ran >> {file}; echo told"],
    )


@pytest.mark.parametrize(
    ("where", "what"),
    [
        ("EXECUTE JOB SERVICE", "lose_request"),
        ("EXECUTE JOB SERVICE", "lose_answer"),
        ("EXECUTE JOB SERVICE", 429),
        ("SHOW SERVICE CONTAINERS", "lose_answer"),
        ("SHOW SERVICE CONTAINERS", 429),
        ("SHOW SERVICE CONTAINERS", 503),
        ("GET_SERVICE_LOGS", 429),
        ("GET_SERVICE_LOGS", "lose_request"),
        ("DROP SERVICE", "lose_answer"),
        ("DROP SERVICE", 503),
    ],
)
def test_a_fault_that_passes_is_not_seen(
    line: Unsteady, tmp_path: Path, where: str, what: Any
) -> None:
    line.faults.append(Fault(where, what, times=2))
    file = tmp_path / "ran"
    result = platform(line.config).run_job(once(file), IDENTITY)
    assert (result.exit_code, result.last_line) == (0, "told")
    assert file.read_text() == "ran\n"
    assert sum(where in request for request in line.requests) >= 3
    assert any("login-request" in each and "dag2zen/platform" in each for each in line.requests)


@pytest.mark.parametrize("what", ["hang", "lose_request", 429])
def test_a_job_that_cannot_be_watched_is_left_to_the_next_attempt(
    line: Unsteady, connection_config: ConnectionConfig, tmp_path: Path, what: Any
) -> None:
    file, gate = tmp_path / "ran", tmp_path / "gate"
    spec = ContainerSpec(
        image="shell:1",
        name="t",
        arguments=[
            f"echo ran >> {file}; while [ ! -e {gate} ]; do sleep 0.05; done; echo told",
        ],
    )
    impatient = line.config.model_copy(
        update={"extra": {"network_timeout": 1, "socket_timeout": 1}}
    )
    # The first look asks for an earlier attempt's job, the second is at the new one.
    line.faults.append(Fault("SHOW SERVICE CONTAINERS", what, after=1))
    with pytest.raises(SqlExecutionError, match="SHOW SERVICE CONTAINERS"):
        platform(impatient).run_job(spec, IDENTITY)
    # It ends while nobody watches; its end counts.
    gate.touch()
    result = platform(connection_config).run_job(spec, IDENTITY)
    assert (result.exit_code, result.last_line) == (0, "told")
    assert file.read_text() == "ran\n"


def test_a_refused_login_starts_nothing(line: Unsteady, tmp_path: Path) -> None:
    refusal = '{"success": false, "code": "390100", "message": "Wrong password.", "data": {}}'
    line.faults.append(Fault("login-request", refusal))
    with pytest.raises(SnowflakeConnectionError, match="Wrong password"):
        platform(line.config).run_job(once(tmp_path / "ran"), IDENTITY)
    assert not (tmp_path / "ran").exists()


def test_a_refused_start_leaves_nothing(
    line: Unsteady, connection_config: ConnectionConfig, tmp_path: Path
) -> None:
    refusal = (
        '{"success": false, "code": "003001", "message": "Insufficient privileges.", "data": {}}'
    )
    line.faults.append(Fault("EXECUTE JOB SERVICE", refusal))
    with pytest.raises(SqlExecutionError, match="Insufficient privileges"):
        platform(line.config).run_job(once(tmp_path / "ran"), IDENTITY)
    name = next(each for each in line.requests if "EXECUTE JOB" in each).partition("NAME = ")[2]
    with pytest.raises(WorkloadNotFoundError):
        platform(connection_config).status(name.split()[0])
