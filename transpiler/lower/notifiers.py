"""Airflow's notifiers as callbacks: the function of `runtime.notifiers` that each one becomes.

Classes: airflow/providers/{slack,smtp}/notifications; told by their class name, or by the name of
the function that Airflow offers in its place.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from transpiler.lower.python_literals import NotALiteralError
from transpiler.model.pipeline import Import
from transpiler.model.values import Call, Value, is_known

if TYPE_CHECKING:
    from transpiler.lower.settings import Settings
    from transpiler.model.span import Span

_MODULE = "runtime.notifiers"


@dataclass(frozen=True, slots=True)
class Notifier:
    """The function, the parameters of the class that it takes, in order, and which of them names
    the connection, with Airflow's default.
    """

    function: str
    parameters: tuple[str, ...]
    connection: str = ""
    default_connection: str = ""

    @property
    def import_(self) -> Import:
        """The import of the function."""
        return Import(_MODULE, self.function)


_SLACK = Notifier(
    "notify_slack",
    ("slack_conn_id", "text", "channel", "username", "icon_url", "attachments", "blocks"),
    "slack_conn_id",
    "slack_api_default",
)
_WEBHOOK = Notifier(
    "notify_slack_webhook",
    ("slack_webhook_conn_id", "text", "blocks", "attachments"),
    "slack_webhook_conn_id",
    "slack_default",
)
_SMTP = Notifier(
    "notify_by_email", ("to", "from_email", "subject", "html_content", "files", "cc", "bcc")
)
_NOTIFIERS: Mapping[str, Notifier] = {
    "airflow.providers.slack.notifications.slack.SlackNotifier": _SLACK,
    "airflow.providers.slack.notifications.slack.send_slack_notification": _SLACK,
    "airflow.providers.slack.notifications.slack_notifier.SlackNotifier": _SLACK,
    "airflow.providers.slack.notifications.slack_notifier.send_slack_notification": _SLACK,
    "airflow.providers.slack.notifications.slack_webhook.SlackWebhookNotifier": _WEBHOOK,
    "airflow.providers.slack.notifications.slack_webhook.send_slack_webhook_notification": _WEBHOOK,
    "airflow.providers.smtp.notifications.smtp.SmtpNotifier": _SMTP,
    "airflow.providers.smtp.notifications.smtp.send_smtp_notification": _SMTP,
}
_NOT_NEEDED = frozenset({"smtp_conn_id", "context"})
"""The mail server stands in the section `email` of the configuration."""


def notifier_of(callback: Value) -> Notifier | None:
    """The notifier that a callback is, None for any other callback."""
    return _NOTIFIERS.get(callback.func) if isinstance(callback, Call) else None


def arguments_of(notifier: Notifier, call: Call) -> dict[str, Value]:
    """The arguments of the function, `connection` last.

    Raises NotALiteralError for an argument that is not known, or that the function does not take.
    """
    given = {**dict(zip(notifier.parameters, call.args, strict=False)), **call.kwargs}
    named = {name: value for name, value in given.items() if name not in _NOT_NEEDED}
    unknown = sorted(set(named) - set(notifier.parameters))
    if unknown or len(call.args) > len(notifier.parameters):
        raise NotALiteralError(f"{', '.join(unknown) or 'an argument'} has no equivalent")
    if not is_known(list(named.values())):
        raise NotALiteralError("an argument is known only when the DAG file runs")
    connection = named.pop(notifier.connection, None)
    if connection not in (None, notifier.default_connection):
        named["connection"] = connection
    return {name: value for name, value in named.items() if value is not None}


def note_access(
    notifier: Notifier, arguments: Mapping[str, Value], span: Span, settings: Settings
) -> None:
    """Note what the notifier needs from outside: its connection, or the mail server."""
    if notifier.connection:
        conn_id = str(arguments.get("connection", notifier.default_connection))
        settings.connection(conn_id, span, kind="slack")
    else:
        settings.email(span, alerts_only=True)
