"""One service or job of Snowpark Container Services."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from runtime.platforms.errors import WorkloadNotFoundError
from runtime.platforms.snowflake.specification import MAIN
from runtime.platforms.snowflake.statements import (
    drop_service,
    service_log,
    show_containers,
    show_endpoints,
)
from runtime.platforms.spec import State, WorkloadStatus
from runtime.snowflake.errors import SqlExecutionError
from runtime.snowflake.identifiers import TableName

Row = Mapping[str, Any]
Query = Callable[[str], list[Row]]
DOES_NOT_EXIST = 2003
_STATES: Mapping[str, State] = {
    "PENDING": "pending",
    "READY": "ready",
    "DONE": "succeeded",
    "FAILED": "failed",
}


class Service:
    """A service by its name; `query` runs a statement and gives its rows by column name."""

    def __init__(self, query: Query, name: TableName) -> None:
        """Keep how to ask, and about what."""
        self._query = query
        self.name = name

    def container(self) -> Row:
        """Give the state of the first instance's container. Raises `WorkloadNotFoundError`."""
        rows = self._ask(show_containers(self.name))
        found = [row for row in rows if row["container_name"] == MAIN]
        if not found:
            return {"status": "PENDING", "message": "No instance yet", "last_exit_code": None}
        return found[0]

    def status(self) -> WorkloadStatus:
        """Give the state, with Snowflake's message. Raises `WorkloadNotFoundError`."""
        row = self.container()
        state = _STATES.get(str(row["status"]).upper(), "unknown")
        return WorkloadStatus(name=self.name.plain, state=state, message=str(row["message"] or ""))

    def endpoint(self, name: str) -> str:
        """Give the address of an endpoint, empty while it is made. Raises `WorkloadNotFoundError`."""
        rows = self._ask(show_endpoints(self.name))
        url = next((str(row["ingress_url"] or "") for row in rows if row["name"] == name), "")
        return "" if " " in url else url  # "Endpoints provisioning in progress..."

    def log(self, lines: int) -> list[str]:
        """Give the last lines of the output. Raises `WorkloadNotFoundError`."""
        rows = self._ask(service_log(self.name, MAIN, lines))
        text = next(iter(rows[0].values())) if rows else ""
        return str(text or "").splitlines()

    def drop(self) -> None:
        """Stop and remove the service; one that is gone is no error."""
        self._query(drop_service(self.name))

    def _ask(self, sql: str) -> list[Row]:
        try:
            return self._query(sql)
        except SqlExecutionError as error:
            if error.errno == DOES_NOT_EXIST:
                raise WorkloadNotFoundError(
                    f"There is no service {self.name.plain}, or the role may not see it."
                ) from error
            raise


class LogTail:
    """Tells the new lines of a log from those of earlier answers, which hold only its end."""

    def __init__(self) -> None:
        """Begin with nothing seen."""
        self._seen: list[str] = []

    def new(self, lines: list[str]) -> Iterator[str]:
        """Give the lines that follow what was seen."""
        for overlap in range(min(len(self._seen), len(lines)), 0, -1):
            if self._seen[-overlap:] == lines[:overlap]:
                break
        else:
            overlap = 0
        self._seen = lines or self._seen
        yield from lines[overlap:]
