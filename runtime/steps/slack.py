"""Airflow's SlackAPIPostOperator and SlackWebhookOperator as steps."""

from __future__ import annotations

from typing import Any

from zenml import step

from runtime.context import current_run, task_id
from runtime.slack import post_message, post_webhook
from runtime.templates import render
from runtime.timeouts import time_limit


@step(enable_cache=False)
def send_slack_message(
    text: str,
    channel: str = "#general",
    username: str = "Airflow",
    icon_url: str | None = None,
    attachments: list[Any] | None = None,
    blocks: list[Any] | None = None,
    connection: str = "slack_api_default",
    timeout_seconds: float | None = None,
) -> None:
    """Post a message to a channel; every text is a template. Raises `AlertError`.

    The connection's password is the token of Slack's API.

    Source: https://airflow.apache.org/docs/apache-airflow-providers-slack/stable/operators/slack_api.html
    """
    run = current_run()
    message = {
        "text": text,
        "channel": channel,
        "username": username,
        "icon_url": icon_url,
        "attachments": attachments or [],
        "blocks": blocks or [],
    }
    with time_limit(timeout_seconds):
        post_message(render(message, run, task_id()), connection, dag_id=run.dag_id)


@step(enable_cache=False)
def send_slack_webhook(
    text: str,
    attachments: list[Any] | None = None,
    blocks: list[Any] | None = None,
    connection: str = "slack_default",
    timeout_seconds: float | None = None,
) -> None:
    """Post a message to an incoming webhook; every text is a template. Raises `AlertError`.

    The connection's password is the token of the webhook, or its whole address.

    Source: https://airflow.apache.org/docs/apache-airflow-providers-slack/stable/operators/slack_webhook.html
    """
    run = current_run()
    message = {"text": text, "attachments": attachments, "blocks": blocks}
    with time_limit(timeout_seconds):
        post_webhook(render(message, run, task_id()), connection, dag_id=run.dag_id)
