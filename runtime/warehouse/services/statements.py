"""The statements about services, parsed strictly: options only in the documented order.

https://docs.snowflake.com/en/sql-reference/commands-snowpark-container-services
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from runtime.warehouse.services.errors import StatementError, does_not_exist
from runtime.warehouse.services.process import ServiceProcess
from runtime.warehouse.services.specification import read_specification

Row = Mapping[str, Any]

_PART = r"(?:\"(?:[^\"]|\"\")+\"|[A-Za-z_][\w$]*)"
_NAME = rf"{_PART}(?:\.{_PART}){{0,2}}"
_TEXT = r"'(?:[^']|'')*'"
_SPEC = r"FROM\s+SPECIFICATION\s+\$\$(?P<spec>.*?)\$\$"
_LIST = rf"\(\s*{_NAME}(?:\s*,\s*{_NAME})*\s*\)"
_COMMON = (
    rf"(?:\s+QUERY_WAREHOUSE\s*=\s*{_PART})?(?:\s+COMMENT\s*=\s*{_TEXT})?"
    rf"(?:\s+EXTERNAL_ACCESS_INTEGRATIONS\s*=\s*{_LIST})?\s*;?\s*\Z"
)
_ABOUT_SERVICES = re.compile(
    r"\s*(?:EXECUTE\s+JOB\s+SERVICE|CREATE\s+SERVICE|DROP\s+SERVICE|ALTER\s+SERVICE|DESC(?:RIBE)?\s+SERVICE|"
    r"SHOW\s+(?:JOB\s+)?SERVICES?|SHOW\s+ENDPOINTS\s+IN\s+SERVICE|"
    r"(?:SELECT|CALL)\s+SYSTEM\$GET_SERVICE_)",
    re.IGNORECASE,
)


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(r"\s*" + text, re.IGNORECASE | re.DOTALL)


class Services:
    """The services of a warehouse."""

    def __init__(self, images: Mapping[str, Sequence[str]], environment: Mapping[str, str]) -> None:
        """`images` has the local command of each image, `environment` what containers see."""
        self._images = images
        self._environment = environment
        self._services: dict[str, ServiceProcess] = {}
        self._lock = threading.Lock()

    def answer(self, sql: str, database: str | None, schema: str | None) -> str | None:
        """Give the SELECT whose result is the statement's, None for a statement about other things.

        Raises `StatementError` for what Snowflake would refuse.
        """
        if not _ABOUT_SERVICES.match(sql):
            return None
        for pattern, handle in self._handlers():
            if found := pattern.fullmatch(sql):
                return _select(handle(found, _qualifier(database, schema)))
        raise StatementError("SQL compilation error: syntax error in the service statement.")

    def close(self) -> None:
        """End every service."""
        for service in self._services.values():
            service.end()
        self._services.clear()

    def _handlers(self) -> Sequence[tuple[re.Pattern[str], Callable[..., list[Row]]]]:
        return (
            (_EXECUTE, self._execute),
            (_CREATE, self._create),
            (_CONTAINERS, self._containers),
            (_ENDPOINTS, self._endpoints),
            (_LOGS, self._logs),
            (_DROP, self._drop),
        )

    def _execute(self, found: re.Match[str], qualified: Callable[[str], str]) -> list[Row]:
        name, service = self._start(found, qualified)
        if (found["is_async"] or "FALSE").upper() == "TRUE":
            return [{"status": f"Job '{name}' successfully submitted."}]
        service.wait()
        if service.exit_code != 0:
            raise StatementError(f"Job {name} failed.", 395024, "58000")
        return [{"status": f"Job {name} completed successfully with status: DONE."}]

    def _create(self, found: re.Match[str], qualified: Callable[[str], str]) -> list[Row]:
        name, _ = self._start(found, qualified)
        return [{"status": f"Service {name} successfully created."}]

    def _start(
        self, found: re.Match[str], qualified: Callable[[str], str]
    ) -> tuple[str, ServiceProcess]:
        specification = read_specification(found["spec"])
        name = qualified(found["name"])
        with self._lock:
            if name in self._services:
                raise StatementError(f"Object '{name}' already exists.", 2002, "42710")
            environment = {**self._environment, "SNOWFLAKE_SERVICE_NAME": name.rpartition(".")[2]}
            service = ServiceProcess(specification, self._images, environment)
            self._services[name] = service
        return name, service

    def _service(self, name: str) -> ServiceProcess:
        if name not in self._services:
            raise does_not_exist(name)
        return self._services[name]

    def _containers(self, found: re.Match[str], qualified: Callable[[str], str]) -> list[Row]:
        name = qualified(found["name"])
        service = self._service(name)
        status, message = service.status
        database, schema, plain = name.split(".")
        code = service.exit_code
        return [
            {
                "database_name": database,
                "schema_name": schema,
                "service_name": plain,
                "instance_id": "0",
                "container_name": service.container["name"],
                "status": status,
                "message": message,
                "image_name": service.container["image"],
                "restart_count": 0,
                "last_exit_code": None if code is None else str(code),
            }
        ]

    def _endpoints(self, found: re.Match[str], qualified: Callable[[str], str]) -> list[Row]:
        service = self._service(qualified(found["name"]))
        return [
            {
                "name": endpoint["name"],
                "port": endpoint.get("port"),
                "protocol": endpoint.get("protocol", "HTTP"),
                "is_public": str(endpoint.get("public", False)).lower(),
                "ingress_url": f"127.0.0.1:{endpoint.get('port')}",
            }
            for endpoint in service.endpoints
        ]

    def _logs(self, found: re.Match[str], qualified: Callable[[str], str]) -> list[Row]:
        service = self._service(qualified(found["name"]))
        if found["container"] != service.container["name"]:
            raise StatementError(f"Container '{found['container']}' does not exist.", 2003, "02000")
        return [{"SYSTEM$GET_SERVICE_LOGS": service.log(int(found["lines"] or 500))}]

    def _drop(self, found: re.Match[str], qualified: Callable[[str], str]) -> list[Row]:
        name = qualified(found["name"])
        with self._lock:
            service = self._services.pop(name, None)
        if service is None and not found["if_exists"]:
            raise does_not_exist(name)
        if service is not None:
            service.end()
        return [{"status": f"{name} successfully dropped."}]


_EXECUTE = _pattern(
    rf"EXECUTE\s+JOB\s+SERVICE\s+IN\s+COMPUTE\s+POOL\s+(?P<pool>{_PART})\s+{_SPEC}\s+"
    rf"NAME\s*=\s*(?P<name>{_NAME})(?:\s+ASYNC\s*=\s*(?P<is_async>TRUE|FALSE))?"
    rf"(?:\s+REPLICAS\s*=\s*\d+)?{_COMMON}"
)
_CREATE = _pattern(
    rf"CREATE\s+SERVICE\s+(?P<name>{_NAME})\s+IN\s+COMPUTE\s+POOL\s+(?P<pool>{_PART})\s+{_SPEC}"
    rf"(?:\s+EXTERNAL_ACCESS_INTEGRATIONS\s*=\s*{_LIST})?"
    rf"(?:\s+MIN_INSTANCES\s*=\s*\d+)?(?:\s+MAX_INSTANCES\s*=\s*\d+)?"
    rf"(?:\s+QUERY_WAREHOUSE\s*=\s*{_PART})?(?:\s+COMMENT\s*=\s*{_TEXT})?\s*;?\s*\Z"
)
_CONTAINERS = _pattern(rf"SHOW\s+SERVICE\s+CONTAINERS\s+IN\s+SERVICE\s+(?P<name>{_NAME})\s*;?\s*")
_ENDPOINTS = _pattern(rf"SHOW\s+ENDPOINTS\s+IN\s+SERVICE\s+(?P<name>{_NAME})\s*;?\s*")
_LOGS = _pattern(
    rf"SELECT\s+SYSTEM\$GET_SERVICE_LOGS\(\s*'(?P<name>{_NAME})'\s*,\s*'?0'?\s*,\s*"
    r"'(?P<container>[^']+)'(?:\s*,\s*(?P<lines>\d+))?\s*\)\s*;?\s*"
)
_DROP = _pattern(
    rf"DROP\s+SERVICE\s+(?P<if_exists>IF\s+EXISTS\s+)?(?P<name>{_NAME})(?:\s+FORCE)?\s*;?\s*"
)


def _qualifier(database: str | None, schema: str | None) -> Callable[[str], str]:
    """Complete a name by the session's database and schema; unquoted names are in upper case."""

    def qualified(name: str) -> str:
        parts = [
            part[1:-1].replace('""', '"') if part.startswith('"') else part.upper()
            for part in re.findall(_PART, name)
        ]
        known = [database or "", schema or ""][: 3 - len(parts)]
        return ".".join([*known, *parts])

    return qualified


def _select(rows: Sequence[Row]) -> str:
    """Give a SELECT of these rows."""
    if not rows:
        return 'SELECT NULL AS "name" WHERE FALSE'
    columns = list(rows[0])
    selects = [", ".join(f'{_literal(row[key])} AS "{key}"' for key in columns) for row in rows]
    return " UNION ALL ".join(f"SELECT {text}" for text in selects)


def _literal(value: Any) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, int):
        return str(value)
    return "'" + str(value).replace("\\", "\\\\").replace("'", "''") + "'"
