"""Airflow's HttpOperator and HttpSensor as steps."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pydantic import JsonValue
from zenml import step

from runtime.context import current_run, task_id
from runtime.dagrun.outcome import airflow_task
from runtime.exceptions import CheckFailedError, HttpRequestError
from runtime.functions import call_with_context, load_function
from runtime.http import HttpRequest, send
from runtime.polling import WEEK_SECONDS, Polling, poll
from runtime.templates import render
from runtime.timeouts import time_limit

if TYPE_CHECKING:
    from requests import Response

logger = logging.getLogger(__name__)


@step(enable_cache=False)
@airflow_task(typed=True)
def send_http_request(
    endpoint: str | None = None,
    method: str = "POST",
    data: JsonValue = None,
    headers: dict[str, str] | None = None,
    response_check: str | None = None,
    response_filter: str | None = None,
    pagination_function: str | None = None,
    options: dict[str, Any] | None = None,
    request_kwargs: dict[str, Any] | None = None,
    log_response: bool = False,
    connection: str = "http_default",
    timeout_seconds: float | None = None,
) -> Any:
    """Send an HTTP request and return the text of the answer.

    `endpoint`, `data` and `headers` are templates. `response_check`, `response_filter` and
    `pagination_function` are dotted paths of functions: the check decides whether the answer is
    good (`CheckFailedError`), the filter makes what is returned of it, and the pagination gives
    the changes for the next request, or nothing; with it the others take the list of all answers.
    `options` are those of the `requests` library. Raises `HttpRequestError`.

    Source: https://airflow.apache.org/docs/apache-airflow-providers-http/stable/operators.html
    """
    run = current_run()
    endpoint, data, headers = render((endpoint, data, headers or {}), run, task_id())
    request = HttpRequest(endpoint, method, data, headers, options or {}, request_kwargs or {})
    with time_limit(timeout_seconds):
        answers = _pages(request, connection, run.dag_id, pagination_function)
        answer: Any = answers if pagination_function else answers[0]
        text = [one.text for one in answers] if pagination_function else answers[0].text
        if log_response:
            logger.info("%s", text)
        if response_check and not call_with_context(load_function(response_check), answer):
            raise CheckFailedError(f"{response_check} is false of the answer.")
        if response_filter:
            return call_with_context(load_function(response_filter), answer)
        return text


@step(enable_cache=False)
@airflow_task(typed=True)
def wait_for_http(
    endpoint: str,
    method: str = "GET",
    data: JsonValue = None,
    headers: dict[str, str] | None = None,
    response_check: str | None = None,
    retried_status_codes: list[str] | None = None,
    options: dict[str, Any] | None = None,
    request_kwargs: dict[str, Any] | None = None,
    connection: str = "http_default",
    poke_interval_seconds: float = 60,
    timeout_seconds: float = WEEK_SECONDS,
    soft_fail: bool = False,
    polling: Polling | None = None,
) -> Any:
    """Send an HTTP request until the answer is good.

    An answer with one of `retried_status_codes` (prefixes; 404 by default) is not good yet; any
    other from 400 on raises `HttpRequestError`. `response_check` is the dotted path of a function
    that decides; the rest is as in `send_http_request`.

    Source: https://airflow.apache.org/docs/apache-airflow-providers-http/stable/operators.html
    """
    run = current_run()
    endpoint, data, headers = render((endpoint, data, headers or {}), run, task_id())
    request = HttpRequest(endpoint, method, data, headers, options or {}, request_kwargs or {})
    check = load_function(response_check) if response_check else None
    retried = ("404",) if retried_status_codes is None else tuple(retried_status_codes)

    def look() -> Any:
        try:
            response = send(request, connection, dag_id=run.dag_id)
        except HttpRequestError as error:
            if error.status is not None and str(error.status).startswith(retried):
                return False
            raise
        return True if check is None else call_with_context(check, response)

    return poll(
        look,
        poke_interval_seconds=poke_interval_seconds,
        timeout_seconds=timeout_seconds,
        soft_fail=soft_fail,
        polling=polling,
    )


def _pages(
    request: HttpRequest, connection: str, dag_id: str, pagination: str | None
) -> list[Response]:
    answers = [send(request, connection, dag_id=dag_id)]
    if pagination is None:
        return answers
    following = load_function(pagination)
    while changes := following(answers[-1]):
        answers.append(send(_changed(request, changes), connection, dag_id=dag_id))
    return answers


def _changed(request: HttpRequest, changes: Mapping[str, Any]) -> HttpRequest:
    """Lay the changes for one page over the first request."""
    data = changes.get("data")
    if isinstance(data, Mapping) and isinstance(request.data, Mapping):
        data = {**request.data, **data}
    return replace(
        request,
        endpoint=changes.get("endpoint") or request.endpoint,
        data=data or request.data,
        headers={**request.headers, **changes.get("headers", {})},
        options={**request.options, **changes.get("extra_options", {})},
    )
