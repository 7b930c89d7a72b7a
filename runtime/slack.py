"""Messages to Slack, by an Airflow connection: Slack's API, or an incoming webhook.

Behaviour: airflow/providers/slack/hooks/slack.py and slack_webhook.py. The token of the API and
that of the webhook are the connection's password.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from runtime.connections import Connection, get_connection
from runtime.exceptions import AlertError

API_URL = "https://slack.com/api/"
WEBHOOK_URL = "https://hooks.slack.com/services"
_TIMEOUT_SECONDS = 30


def post_message(
    message: Mapping[str, Any], connection: str = "slack_api_default", *, dag_id: str | None = None
) -> None:
    """Post to a channel by `chat.postMessage`; the extra `base_url` names another server.

    Raises `AlertError` with Slack's own error, never the token.
    """
    access = get_connection(connection, dag_id=dag_id)
    base = str(access.extra_dejson.get("base_url") or API_URL)
    answer = _post(
        f"{base.rstrip('/')}/chat.postMessage",
        message,
        access,
        {"Authorization": f"Bearer {access.password}"},
    )
    document = answer.json()
    if not document.get("ok"):
        raise AlertError(
            f"Slack did not take the message: {document.get('error')}. "
            f"Check channel and token of the connection {connection!r}."
        )


def post_webhook(
    message: Mapping[str, Any],
    connection: str = "slack_default",
    *,
    dag_id: str | None = None,
) -> None:
    """Post to an incoming webhook: the connection's host, and its password for the rest."""
    access = get_connection(connection, dag_id=dag_id)
    base = access.host or WEBHOOK_URL
    if "://" not in base:
        base = f"{access.schema or 'https'}://{base}"
    if access.port:
        base = f"{base}:{access.port}"
    token = access.password or ""
    url = token if "://" in token else f"{base.rstrip('/')}/{token.lstrip('/')}"
    _post(url, message, access, {})


def _post(
    url: str, message: Mapping[str, Any], access: Connection, headers: Mapping[str, str]
) -> Any:
    import httpx

    present = {name: value for name, value in message.items() if value is not None}
    where = f"The Slack connection {access.conn_id!r}"
    try:
        answer = httpx.post(url, json=present, headers=headers, timeout=_TIMEOUT_SECONDS)
    except httpx.HTTPError as error:
        # The address of a webhook is a secret, and stands in the text of httpx's errors.
        raise AlertError(f"{where} cannot be reached: {type(error).__name__}.") from None
    if not answer.is_success:
        raise AlertError(f"{where} answered {answer.status_code}: {answer.text[:200]}")
    return answer
