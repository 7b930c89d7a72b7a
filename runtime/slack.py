"""Messages to Slack, by an Airflow connection: Slack's API, or an incoming webhook.

Behaviour: airflow/providers/slack/hooks/slack.py and slack_webhook.py. The token of the API and
that of the webhook are the connection's password.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from runtime.connections import get_connection
from runtime.exceptions import AlertError

API_URL = "https://slack.com/api/"
WEBHOOK_URL = "https://hooks.slack.com/services"
_TIMEOUT_SECONDS = 30


def post_message(
    message: Mapping[str, Any],
    connection: str = "slack_api_default",
    *,
    dag_id: str | None = None,
    token: str | None = None,
) -> None:
    """Post to a channel by `chat.postMessage`; the extra `base_url` names another server.

    Raises `AlertError` with Slack's own error, never the token.
    """
    present = {name: value for name, value in message.items() if value is not None}
    call_api("chat.postMessage", connection, dag_id=dag_id, token=token, json=present)


def call_api(
    method: str,
    connection: str,
    *,
    dag_id: str | None = None,
    token: str | None = None,
    **content: Any,
) -> dict[str, Any]:
    """Call a method of the API with `json`, `data` or `params`, and give its answer. A `token` needs
    no connection.
    """
    base, where = API_URL, "Slack"
    if token is None:
        access = get_connection(connection, dag_id=dag_id)
        base = str(access.extra_dejson.get("base_url") or base)
        token, where = access.password, _named(connection)
    headers = {"Authorization": f"Bearer {token}"}
    answer = _post(f"{base.rstrip('/')}/{method}", where, headers, **content)
    document: dict[str, Any] = answer.json()
    if not document.get("ok"):
        raise AlertError(
            f"Slack did not take {method}: {document.get('error')}. "
            f"Check channel and token of the connection {connection!r}."
        )
    return document


def post_webhook(
    message: Mapping[str, Any],
    connection: str = "slack_default",
    *,
    dag_id: str | None = None,
    token: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> Any:
    """Post to an incoming webhook, and give httpx's answer: the connection's host, and its password
    for the rest, or the `token` that is given.
    """
    access = get_connection(connection, dag_id=dag_id)
    base = access.host or WEBHOOK_URL
    if "://" not in base:
        base = f"{access.schema or 'https'}://{base}"
    if access.port:
        base = f"{base}:{access.port}"
    token = token or access.password or ""
    url = token if "://" in token else f"{base.rstrip('/')}/{token.lstrip('/')}"
    present = {name: value for name, value in message.items() if value is not None}
    return _post(url, _named(connection), headers or {}, json=present)


def _post(url: str, where: str, headers: Mapping[str, str], **content: Any) -> Any:
    import httpx

    try:
        answer = httpx.post(url, headers=headers, timeout=_TIMEOUT_SECONDS, **content)
    except httpx.HTTPError as error:
        # The address of a webhook is a secret, and stands in the text of httpx's errors.
        raise AlertError(f"{where} cannot be reached: {type(error).__name__}.") from None
    if not answer.is_success:
        raise AlertError(f"{where} answered {answer.status_code}: {answer.text[:200]}")
    return answer


def _named(connection: str) -> str:
    return f"The Slack connection {connection!r}"
