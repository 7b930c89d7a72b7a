"""Airflow's HttpHook. Source: `airflow.providers.http.hooks.http`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from runtime.airflow_names import BaseHook
from runtime.context import running_dag_id
from runtime.http import HttpRequest, send

if TYPE_CHECKING:
    from requests import Response


class HttpHook(BaseHook):
    """Requests by a configured connection."""

    conn_name_attr = "http_conn_id"
    default_conn_name = "http_default"

    def __init__(
        self,
        method: str = "POST",
        http_conn_id: str = "http_default",
        auth_type: Callable[..., Any] | None = None,
    ) -> None:
        """Take the method and the connection id; `auth_type` makes the authentication of the
        connection's user and password, by default HTTP's basic one.
        """
        self.method = method.upper()
        self.http_conn_id = http_conn_id
        self.auth_type = auth_type

    def run(
        self,
        endpoint: str | None = None,
        data: Mapping[str, Any] | str | None = None,
        headers: Mapping[str, Any] | None = None,
        extra_options: Mapping[str, Any] | None = None,
        **request_kwargs: Any,
    ) -> Response:
        """Send the request. Raises `HttpRequestError`."""
        request = HttpRequest(
            endpoint=endpoint,
            method=self.method,
            data=data,
            headers=headers or {},
            options=extra_options or {},
            request_kwargs=request_kwargs,
            auth_type=self.auth_type,
        )
        return send(request, self.http_conn_id, dag_id=running_dag_id())
