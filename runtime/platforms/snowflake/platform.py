"""Containers and model servers in Snowflake, near the data."""

from __future__ import annotations

import hashlib
import json
import logging
import re
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from runtime.exceptions import PipelineRuntimeError, PlatformError, TaskTimeoutError
from runtime.platforms.base import BasePlatform
from runtime.platforms.errors import StartupTimeoutError, WorkloadNotFoundError
from runtime.platforms.settings import read_settings
from runtime.platforms.snowflake.prediction import predict_rows
from runtime.platforms.snowflake.service import LogTail, Query, Service
from runtime.platforms.snowflake.settings import SnowflakeSettings
from runtime.platforms.snowflake.specification import (
    ENDPOINT,
    job_specification,
    service_specification,
)
from runtime.platforms.snowflake.statements import create_service, execute_job
from runtime.platforms.spec import (
    ContainerResult,
    ContainerSpec,
    JobIdentity,
    ModelService,
    WorkloadStatus,
)
from runtime.snowflake import TableName, connect, execute_sql
from runtime.snowflake.errors import SqlExecutionError

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd
    from snowflake.connector import SnowflakeConnection
    from typing_extensions import Self

    from runtime.config import ConnectionConfig, PlatformConfig, RuntimeConfig

logger = logging.getLogger(__name__)

_TURN_SECONDS = 0.2
_UNKNOWN_EXIT_CODE = 255


class SnowflakePlatform(BasePlatform):
    """Job services for containers, services for models: Snowpark Container Services."""

    name = "snowflake_spcs"

    def __init__(self, settings: SnowflakeSettings, connection: ConnectionConfig) -> None:
        """Sign in when Snowflake is first needed."""
        self._settings = settings
        self._connection = connection

    @classmethod
    def from_config(cls, platform: PlatformConfig, runtime: RuntimeConfig) -> Self:
        """Take `platform.config`, which `SnowflakeSettings` describes; see `BasePlatform`."""
        settings = read_settings(SnowflakeSettings, cls.name, platform.config)
        return cls(settings, runtime.connection(settings.connection))

    def run_job(self, spec: ContainerSpec, identity: JobIdentity | None = None) -> ContainerResult:
        """Run a job service to its end; see `BasePlatform`.

        The job's name is made of its identity, so a later attempt takes over a running job, and one
        that has succeeded since the attempt before lost sight of it.
        """
        specification = job_specification(spec, self._settings)
        deadline = None if spec.timeout_seconds is None else time.monotonic() + spec.timeout_seconds
        with self._session() as query:
            job = Service(query, self._service_name(_job_name(spec, identity)))
            try:
                if not self._takes_over(job, spec):
                    query(execute_job(job.name, specification, self._settings))
                    logger.info("The job service %s was started.", job.name.plain)
                row, last_line = self._follow(job, spec, deadline)
            except SqlExecutionError:
                logger.error("The job service %s is left to the next attempt.", job.name.plain)
                raise
            except BaseException:
                _give_up(job)
                raise
            code = row["last_exit_code"]
            succeeded = str(row["status"]).upper() == "DONE"
            action = spec.on_finish_action
            if action == "delete_pod" or (action == "delete_succeeded_pod" and succeeded):
                job.drop()
        fallback = 0 if succeeded else _UNKNOWN_EXIT_CODE
        return ContainerResult(
            exit_code=fallback if code in (None, "") else int(code),
            last_line=last_line,
            message="" if succeeded else str(row["message"] or ""),
        )

    def deploy(self, service: ModelService) -> WorkloadStatus:
        """Make a service of the model server and wait until it is ready; see `BasePlatform`.

        A service of the same name is replaced.
        """
        specification = service_specification(service, self._settings)
        instances = (
            max(1, service.min_replicas),
            service.max_replicas or max(1, service.min_replicas),
        )
        deadline = time.monotonic() + service.timeout_seconds
        with self._session() as query:
            found = Service(query, self._service_name(service.name))
            found.drop()
            query(create_service(found.name, specification, self._settings, instances))
            while True:
                status, url = found.status(), found.endpoint(ENDPOINT)
                if status.state == "ready" and url:
                    return status.model_copy(update={"url": url})
                if status.state in ("failed", "succeeded") or time.monotonic() > deadline:
                    break
                time.sleep(min(self._settings.poll_interval_seconds, service.timeout_seconds))
            last = found.log(20)
        raise StartupTimeoutError(
            f"The service {service.name} is {status.state} ({status.message}), not ready within "
            f"{service.timeout_seconds:g} s. Its last lines: {last[-3:]}. Read its log, then remove "
            "it or deploy again."
        )

    def predict(self, name: str, features: pd.DataFrame) -> npt.NDArray[np.float64]:
        """Predict by a service's HTTP endpoint; see `BasePlatform`."""
        with self._open() as session:
            service = Service(_query(session), self._service_name(name))
            url = service.endpoint(ENDPOINT)
            if not url:
                raise PlatformError(
                    f"The service {name} has no endpoint yet. Wait until it is ready."
                )
            scheme = "http" if self._connection.protocol == "http" else "https"
            token = getattr(session.rest, "token", None)
            return predict_rows(f"{scheme}://{url}/predict", token, features, self._settings)

    def status(self, name: str) -> WorkloadStatus:
        """Give the state of a job or a service; see `BasePlatform`."""
        with self._session() as query:
            return Service(query, self._service_name(name)).status()

    def logs(self, name: str) -> Iterator[str]:
        """Give the end of what a job or a service has printed; see `BasePlatform`."""
        with self._session() as query:
            yield from Service(query, self._service_name(name)).log(self._settings.log_lines)

    def cleanup(self, name: str) -> None:
        """Drop a job or a service; see `BasePlatform`."""
        with self._session() as query:
            Service(query, self._service_name(name)).drop()

    def _takes_over(self, job: Service, spec: ContainerSpec) -> bool:
        try:
            state = job.status().state
        except WorkloadNotFoundError:
            return False
        # A success that an attempt has seen is still there only where jobs are kept.
        unseen = state == "succeeded" and spec.on_finish_action != "keep_pod"
        if spec.reattach and (state in ("pending", "ready") or unseen):
            logger.info("The job service %s of an earlier attempt is taken over.", job.name.plain)
            return True
        job.drop()
        return False

    def _follow(self, job: Service, spec: ContainerSpec, deadline: float | None) -> tuple[Any, str]:
        limit = spec.startup_timeout_seconds or self._settings.startup_timeout_seconds
        start_by = time.monotonic() + limit
        tail, last_line = LogTail(), ""
        while True:
            row = job.container()
            status = str(row["status"]).upper()
            if status != "PENDING":
                for line in tail.new(job.log(self._settings.log_lines)):
                    last_line = line
                    logger.info("%s", line)
            if status in ("DONE", "FAILED"):
                return row, last_line
            if status == "PENDING" and time.monotonic() > start_by:
                raise StartupTimeoutError(
                    f"The job service {job.name.plain} did not start within {limit:g} s "
                    f"({row['message']}). Check the image, the compute pool and its size."
                )
            self._sleep(spec, deadline)

    def _sleep(self, spec: ContainerSpec, deadline: float | None) -> None:
        until = time.monotonic() + self._settings.poll_interval_seconds
        while (left := until - time.monotonic()) > 0:
            if deadline is not None and time.monotonic() > deadline:
                raise TaskTimeoutError(
                    f"The job service was dropped: it ran longer than its timeout of "
                    f"{spec.timeout_seconds:g} s."
                )
            time.sleep(min(left, _TURN_SECONDS))

    def _service_name(self, text: str) -> TableName:
        database = self._settings.database or self._connection.database
        schema = self._settings.schema_name or self._connection.schema_name
        return TableName.parse(text).within(_stored(database), _stored(schema))

    @contextmanager
    def _session(self) -> Iterator[Query]:
        with self._open() as session:
            yield _query(session)

    def _open(self) -> SnowflakeConnection:
        return connect(self._connection, query_tag="dag2zen/platform")


def _give_up(job: Service) -> None:
    """Drop a job; where that fails, it must not hide the reason."""
    try:
        job.drop()
    except PipelineRuntimeError as error:
        logger.error("The job service %s may be left, drop it: %s", job.name.plain, error)


def _query(session: SnowflakeConnection) -> Query:
    def query(sql: str) -> list[Any]:
        result = execute_sql(session, sql, split=False)[-1]
        return [dict(zip(result.columns, row, strict=True)) for row in result.rows]

    return query


def _stored(name: str | None) -> str | None:
    return None if name is None else TableName.parse(name).parts[-1]


def _job_name(spec: ContainerSpec, identity: JobIdentity | None) -> str:
    """Make a job's name: readable, and the same for every attempt."""
    plain = re.sub(r"\W", "_", (spec.name or "job").upper(), flags=re.ASCII)[:40]
    if identity is None:
        return f"D2Z_{plain}_{secrets.token_hex(4).upper()}"
    parts = [identity.dag_id, identity.task_id, identity.run_id, identity.map_index]
    return f"D2Z_{plain}_{hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:16].upper()}"
