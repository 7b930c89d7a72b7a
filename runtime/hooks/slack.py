"""Airflow's Slack hooks, and its operators as callbacks call them.

Source: `airflow.providers.slack.hooks` and `airflow.providers.slack.operators`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from runtime.airflow_names import BaseHook
from runtime.context import running_dag_id
from runtime.slack import call_api, post_message, post_webhook


class WebhookResponse(NamedTuple):
    """What Slack answered to a webhook."""

    status_code: int
    body: str


class SlackWebhookHook(BaseHook):
    """Posts to an incoming webhook: the connection's password is its token, or its whole address.

    Channel, user name and icon are sent along; Slack takes them from the webhook all the same, but
    for old ones.
    """

    conn_name_attr = "slack_webhook_conn_id"
    default_conn_name = "slack_default"

    def __init__(
        self,
        http_conn_id: str | None = None,
        webhook_token: str | None = None,
        message: str = "",
        attachments: list[Any] | None = None,
        blocks: list[Any] | None = None,
        channel: str | None = None,
        username: str | None = None,
        icon_emoji: str | None = None,
        icon_url: str | None = None,
        link_names: bool = False,
        *,
        slack_webhook_conn_id: str | None = None,
    ) -> None:
        """Take the connection id, by its name of now or of before, and the message of `execute`."""
        self._connection = slack_webhook_conn_id or http_conn_id or self.default_conn_name
        self._token = webhook_token
        self._message = {
            "text": message,
            "attachments": attachments,
            "blocks": blocks,
            "channel": channel,
            "username": username,
            "icon_emoji": icon_emoji,
            "icon_url": icon_url,
            "link_names": 1 if link_names else None,
        }

    def send_dict(
        self, body: Mapping[str, Any], *, headers: Mapping[str, str] | None = None
    ) -> WebhookResponse:
        """Post a message as Slack takes it. Raises `AlertError`."""
        answer = post_webhook(
            body, self._connection, dag_id=running_dag_id(), token=self._token, headers=headers
        )
        return WebhookResponse(answer.status_code, answer.text)

    def send(
        self,
        *,
        text: str | None = None,
        attachments: list[Any] | None = None,
        blocks: list[Any] | None = None,
        response_type: str | None = None,
        replace_original: bool | None = None,
        delete_original: bool | None = None,
        unfurl_links: bool | None = None,
        unfurl_media: bool | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> WebhookResponse:
        """Post a message of these parts."""
        body = {name: value for name, value in locals().items() if name not in ("self", "headers")}
        return self.send_dict(body, headers=headers)

    def send_text(
        self,
        text: str,
        *,
        unfurl_links: bool | None = None,
        unfurl_media: bool | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> WebhookResponse:
        """Post a text."""
        return self.send(
            text=text, unfurl_links=unfurl_links, unfurl_media=unfurl_media, headers=headers
        )

    def execute(self) -> None:
        """Post the message that the hook was made with."""
        self.send_dict(self._message)


class SlackWebhookOperator(SlackWebhookHook):
    """The operator where a function makes it only to call `execute`: nothing is rendered."""

    def __init__(self, *, task_id: str, message: str = "", **kwargs: Any) -> None:
        """Take the hook's arguments; those of a task mean nothing without one."""
        for name in ("dag", "trigger_rule", "retries", "on_failure_callback"):
            kwargs.pop(name, None)
        self.task_id = task_id
        super().__init__(message=message, **kwargs)

    def execute(self, context: Any = None) -> None:
        """Post the message."""
        super().execute()


class SlackAPIPostOperator(BaseHook):
    """The operator where a function makes it only to call `execute`: nothing is rendered."""

    def __init__(
        self,
        *,
        task_id: str,
        text: str,
        channel: str = "#general",
        username: str = "Airflow",
        icon_url: str | None = None,
        attachments: list[Any] | None = None,
        blocks: list[Any] | None = None,
        slack_conn_id: str = "slack_api_default",
        token: str | None = None,
    ) -> None:
        """Take the message, and the connection or the token."""
        self.task_id = task_id
        self._connection, self._token = slack_conn_id, token
        self._message = {
            "channel": channel,
            "username": username,
            "text": text,
            "icon_url": icon_url,
            "attachments": attachments or [],
            "blocks": blocks or [],
        }

    def execute(self, context: Any = None) -> None:
        """Post the message. Raises `AlertError`."""
        post_message(self._message, self._connection, dag_id=running_dag_id(), token=self._token)


class SlackHook(BaseHook):
    """Slack's API; the connection's password is its token."""

    conn_name_attr = "slack_conn_id"
    default_conn_name = "slack_api_default"

    def __init__(self, slack_conn_id: str = "slack_api_default") -> None:
        """Take the connection id."""
        self.slack_conn_id = slack_conn_id

    def call(
        self,
        api_method: str,
        *,
        data: Mapping[str, Any] | None = None,
        params: Mapping[str, Any] | None = None,
        json: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        """Call a method of the API, and give its answer. Raises `AlertError`."""
        return call_api(
            api_method,
            self.slack_conn_id,
            dag_id=running_dag_id(),
            data=data,
            params=params,
            json=json,
        )
