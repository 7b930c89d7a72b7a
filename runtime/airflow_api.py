"""States of DAG runs in an Airflow that is still in use, by its REST API.

API: https://airflow.apache.org/docs/apache-airflow/2.11.0/stable-rest-api-ref.html (v1) and
https://airflow.apache.org/docs/apache-airflow/stable/stable-rest-api-ref.html (v2).
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from runtime.exceptions import UpstreamError

if TYPE_CHECKING:
    import httpx

    from runtime.config.upstreams import UpstreamConfig

logger = logging.getLogger(__name__)

_ATTEMPTS = 3
_FIRST_PAUSE_SECONDS = 0.5
_RETRIED = frozenset({408, 425, 429, 500, 502, 503, 504})
_PAGE = 100
_DATE = {"v1": "execution_date", "v2": "logical_date"}


class UnreachableError(UpstreamError):
    """Airflow did not answer this time, or said that it cannot at the moment."""


class AirflowApi:
    """One Airflow; used in a `with` block."""

    def __init__(
        self, config: UpstreamConfig, *, pause_seconds: float = _FIRST_PAUSE_SECONDS
    ) -> None:
        """Take where it is, and how to get in; `pause_seconds` is before the second attempt."""
        import httpx

        self._config = config
        self._pause = pause_seconds
        self._base = config.airflow.rstrip("/")
        self._client = httpx.Client(timeout=config.timeout_seconds, verify=config.verify_tls)
        if config.api == "v1" and config.user is not None and config.password is not None:
            self._client.auth = (config.user, config.password.get_secret_value())

    def __enter__(self) -> AirflowApi:
        """Begin."""
        return self

    def __exit__(self, *exception: object) -> None:
        """Close connections."""
        self._client.close()

    def run(self, dag_id: str, logical_date: datetime) -> dict[str, Any] | None:
        """Give the run of exactly a logical date: `dag_run_id` and `state`."""
        date, name = logical_date.astimezone(timezone.utc).isoformat(), _DATE[self._config.api]
        asked = {f"{name}_gte": date, f"{name}_lte": date, "limit": 1}
        found = self._get(f"dags/{_quoted(dag_id)}/dagRuns", asked)
        runs = found.get("dag_runs", []) if found else []
        return dict(runs[0]) if runs else None

    def task_states(self, dag_id: str, run_id: str) -> dict[str, str | None]:
        """Give the states of a run's tasks, those of mapped instances under `task_id[index]`."""
        path = f"dags/{_quoted(dag_id)}/dagRuns/{_quoted(run_id)}/taskInstances"
        return {
            one["task_id"] if (index := one.get("map_index", -1)) < 0 else f"{one['task_id']}[{index}]":
            one["state"]
            for one in self._items(path, "task_instances")
        }  # fmt: skip

    def task_ids(self, dag_id: str) -> list[str] | None:
        """Give the ids of a DAG's tasks; `None` where there is no such DAG."""
        found = self._get(f"dags/{_quoted(dag_id)}/tasks", {})
        return None if found is None else [task["task_id"] for task in found["tasks"]]

    def _items(self, path: str, name: str) -> Iterator[dict[str, Any]]:
        offset, total = 0, 1
        while offset < total:
            page = self._get(path, {"limit": _PAGE, "offset": offset}) or {}
            items = page.get(name, [])
            yield from items
            offset, total = offset + len(items), page.get("total_entries", 0) if items else 0

    def _get(self, path: str, params: dict[str, Any]) -> dict[str, Any] | None:
        """Give the answer's object, `None` for 404."""
        url = f"{self._base}/api/{self._config.api}/{path}"
        response = self._ask("GET", url, params=params, headers=self._headers())
        if response.status_code == 404:
            return None
        return self._object(response)

    def _headers(self) -> dict[str, str]:
        if self._config.token is not None:
            return {"Authorization": f"Bearer {self._config.token.get_secret_value()}"}
        if self._config.api == "v1" or self._config.password is None:
            return {}
        given = {
            "username": self._config.user,
            "password": self._config.password.get_secret_value(),
        }
        token = self._object(self._ask("POST", f"{self._base}/auth/token", json=given))
        return {"Authorization": f"Bearer {token['access_token']}"}

    def _ask(self, method: str, url: str, **options: Any) -> httpx.Response:
        """Ask, and ask again where the answer is of a passing kind."""
        import httpx

        pause = self._pause
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                response = self._client.request(method, url, **options)
                if response.status_code not in _RETRIED:
                    return response
                trouble = f"answered {response.status_code}"
            except httpx.TransportError as error:
                trouble = f"{type(error).__name__}: {error}"
            if attempt < _ATTEMPTS:
                time.sleep(pause)
                pause *= 2
        raise UnreachableError(f"{url}: {trouble}")

    def _object(self, response: httpx.Response) -> dict[str, Any]:
        if not response.is_success:
            raise UpstreamError(
                f"{response.request.url.copy_with(query=None)} answered {response.status_code}. "
                "Check `upstreams` in the configuration: URL, `api`, and who may read the DAG."
            )
        try:
            found = response.json()
        except ValueError as error:
            raise UpstreamError(
                f"{response.request.url.copy_with(query=None)} is no REST API of Airflow."
            ) from error
        if not isinstance(found, dict):
            raise UpstreamError(f"{response.request.url.copy_with(query=None)} gave no object.")
        return found


def _quoted(text: str) -> str:
    return quote(text, safe="")
