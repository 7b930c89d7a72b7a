"""Messages to Slack."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rules.arguments import given, pass_on, refused, same_as_default, step
from rules.registry import Example, rule
from transpiler.model.pipeline import Expr

if TYPE_CHECKING:
    from transpiler.lower.lowering import Lowering
    from transpiler.lower.reader import TaskReader
    from transpiler.model.pipeline import StepCall

_API_CONNECTION = "slack_api_default"
_API_TEXT = (
    "No message has been set.\n"
    "Here is a cat video instead\n"
    "https://www.youtube.com/watch?v=J---aiyznGQ"
)
_WEBHOOK_CONNECTION = "slack_default"
_OF_THE_WEBHOOK = ("channel", "username", "icon_emoji", "icon_url")
_SECRETS = ("token", "webhook_token")

_POST = Example(
    before="""\
from datetime import datetime

from airflow import DAG
from airflow.providers.slack.operators.slack import SlackAPIPostOperator

with DAG("nightly", start_date=datetime(2024, 1, 1), schedule="@daily", catchup=False):
    SlackAPIPostOperator(task_id="tell", channel="#data", text="Loaded {{ ds }}")
""",
    after="""\
send_slack_message("Loaded {{ ds }}", channel="#data", id="tell")
""",
)
_WEBHOOK = Example(
    before="""\
from datetime import datetime

from airflow import DAG
from airflow.providers.slack.operators.slack_webhook import SlackWebhookOperator

with DAG("nightly", start_date=datetime(2024, 1, 1), schedule="@daily", catchup=False):
    SlackWebhookOperator(
        task_id="tell", slack_webhook_conn_id="slack_data", message="Loaded {{ ds }}"
    )
""",
    after="""\
send_slack_webhook("Loaded {{ ds }}", connection="slack_data", id="tell")
""",
)


@rule(
    "airflow.providers.slack.operators.slack.SlackAPIPostOperator",
    "airflow.operators.slack_operator.SlackAPIPostOperator",
    docs="https://airflow.apache.org/docs/apache-airflow-providers-slack/stable/operators/slack_api.html",
    examples=[_POST],
)
def slack_api_post_operator(task: TaskReader, to: Lowering) -> StepCall:
    """The message is posted by `send_slack_message`; the token is the password of the connection
    in the configuration.
    """
    _refuse_secrets(task)
    same_as_default(task, method="chat.postMessage", base_url=None)
    text = given(task, "text")
    names = ("channel", "username", "icon_url", "attachments", "blocks")
    kwargs = {
        **pass_on(task, to, {name: name for name in names}),
        **_connection(task, to, ("slack_conn_id",), _API_CONNECTION),
    }
    message = to.literal(_API_TEXT) if text is None else to.expr(text)
    return step("send_slack_message", task, message, kwargs=kwargs)


@rule(
    "airflow.providers.slack.operators.slack_webhook.SlackWebhookOperator",
    "airflow.contrib.operators.slack_webhook_operator.SlackWebhookOperator",
    docs="https://airflow.apache.org/docs/apache-airflow-providers-slack/stable/operators/slack_webhook.html",
    examples=[_WEBHOOK],
)
def slack_webhook_operator(task: TaskReader, to: Lowering) -> StepCall:
    """The message is posted by `send_slack_webhook`; the webhook's token is the password of the
    connection in the configuration.
    """
    _refuse_secrets(task)
    task.not_needed(*_OF_THE_WEBHOOK, why="Slack takes it from the webhook, whatever is sent")
    same_as_default(task, link_names=False, proxy=None, timeout=None, retry_handlers=None)
    names = {"attachments": "attachments", "blocks": "blocks"}
    ids = ("slack_webhook_conn_id", "http_conn_id")
    kwargs = {**pass_on(task, to, names), **_connection(task, to, ids, _WEBHOOK_CONNECTION)}
    text = given(task, "message")
    message = Expr('""') if text is None else to.expr(text)
    return step("send_slack_webhook", task, message, kwargs=kwargs)


def _refuse_secrets(task: TaskReader) -> None:
    for name in _SECRETS:
        argument = given(task, name)
        if argument is not None:
            raise refused(task, argument, f"{name} is a secret; make it the connection's password")


def _connection(
    task: TaskReader, to: Lowering, names: tuple[str, ...], default: str
) -> dict[str, Expr]:
    argument = next((found for name in names if (found := given(task, name))), None)
    conn_id = default if argument is None else argument.value
    if not isinstance(conn_id, str):
        assert argument is not None
        raise refused(task, argument, f"{argument.name} is not known from the file")
    to.settings.connection(conn_id, task.span if argument is None else argument.span, kind="slack")
    if argument is None or conn_id == default:
        return {}
    return {"connection": to.expr(argument)}
