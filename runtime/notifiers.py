"""Airflow's notifiers and its e-mails about failures, for hooks of steps."""

from __future__ import annotations

import html
import logging
import socket
from collections.abc import Mapping, Sequence
from typing import Any

from runtime import slack
from runtime.airflow_names import LoggingMixin
from runtime.callables import AirflowContext
from runtime.callbacks import failure_context, retry_pending
from runtime.config import load_config
from runtime.context import running_dag_id
from runtime.exceptions import ConfigError, EmailError
from runtime.failed_callbacks import note_failed_callback
from runtime.mail import compose, recipients, send
from runtime.templates import render_text

logger = logging.getLogger(__name__)

Addresses = str | Sequence[str]


class BaseNotifier(LoggingMixin):
    """Airflow's base of notifiers, for those that a project wrote: called with the context, it
    renders `template_fields` and calls `notify`.

    As in Airflow, what `notify` raises changes nothing else; it is noted.
    Source: airflow/notifications/basenotifier.py.
    """

    template_fields: Sequence[str] = ()

    def notify(self, context: Any) -> None:
        """Send the message. Classes of a project define it."""
        raise NotImplementedError(f"{type(self).__name__} has no notify method.")

    def __call__(self, context: AirflowContext) -> None:
        """Render, and send."""
        fields = {name: getattr(self, name) for name in self.template_fields}
        own = AirflowContext({**dict(dict.items(context)), **fields})
        for name, value in fields.items():
            setattr(self, name, _rendered(value, dict(dict.items(own))))
        try:
            self.notify(own)
        except Exception as error:  # It is the user's code, and may raise anything.
            note_failed_callback(type(self).notify, running_dag_id(), error)


def email_alert(exception: BaseException, to: Addresses) -> None:
    """Send the e-mail that Airflow sends when a task fails or is retried (`email=`).

    As in Airflow, one that cannot be sent changes nothing else; it is noted.
    Source: `TaskInstance.get_email_subject_content` in airflow/models/taskinstance.py.
    """
    try:
        context = failure_context(exception)
        ti = context["ti"]
        state = "up_for_retry" if retry_pending(exception) else "failed"
        name = f"<TaskInstance: {ti.dag_id}.{ti.task_id} {ti.run_id} [{state}]>"
        lines = [
            f"Try {ti.try_number} out of {ti.max_tries + 1}",
            "Exception:",
            html.escape(f"{type(exception).__name__}: {exception}").replace("\n", "<br>"),
            f"Log: {html.escape(ti.log_url)}",
            f"Host: {socket.gethostname()}",
        ]
        text = "".join(f"{line}<br>" for line in lines)
        _mail(ti.dag_id, to, subject=f"Airflow alert: {name}", html_content=text)
    except (EmailError, ConfigError) as error:
        note_failed_callback("runtime.notifiers.email_alert", running_dag_id(), error)


def notify_by_email(
    context: Mapping[str, Any],
    to: Addresses,
    from_email: str | None = None,
    subject: str | None = None,
    html_content: str | None = None,
    files: Sequence[str] | None = None,
    cc: Addresses | None = None,
    bcc: Addresses | None = None,
) -> None:
    """Send an e-mail as Airflow's SmtpNotifier does; every text is a template of the context."""
    ti = context["ti"]
    state = "failed" if context.get("exception") is not None else "success"
    given = {
        "to": to,
        "from_email": from_email,
        "subject": subject
        or f"DAG {ti.dag_id} - Task {ti.task_id} - Run ID {ti.run_id} in {state}",
        "html_content": html_content or f"Log: {ti.log_url}",
        "files": files or [],
        "cc": cc,
        "bcc": bcc,
    }
    _mail(ti.dag_id, **_rendered(given, context))


def notify_slack(
    context: Mapping[str, Any],
    text: str = "This message was sent by a notifier.",
    channel: str = "#general",
    username: str = "Airflow",
    icon_url: str | None = None,
    attachments: Sequence[Any] = (),
    blocks: Sequence[Any] = (),
    connection: str = "slack_api_default",
) -> None:
    """Post to a channel as Airflow's SlackNotifier does; every text is a template of the context."""
    message = {
        "text": text,
        "channel": channel,
        "username": username,
        "icon_url": icon_url,
        "attachments": list(attachments),
        "blocks": list(blocks),
    }
    dag_id = context["dag"].dag_id
    slack.post_message(_rendered(message, context), connection, dag_id=dag_id)


def notify_slack_webhook(
    context: Mapping[str, Any],
    text: str,
    blocks: Sequence[Any] | None = None,
    attachments: Sequence[Any] | None = None,
    connection: str = "slack_default",
) -> None:
    """Post to a webhook as Airflow's SlackWebhookNotifier does; texts are templates."""
    message = {"text": text, "blocks": blocks, "attachments": attachments}
    slack.post_webhook(_rendered(message, context), connection, dag_id=context["dag"].dag_id)


def _mail(
    dag_id: str,
    to: Addresses,
    *,
    subject: str,
    html_content: str,
    from_email: str | None = None,
    files: Sequence[str] = (),
    cc: Addresses | None = None,
    bcc: Addresses | None = None,
) -> None:
    config = load_config(dag_id).email
    everyone = [*recipients(to), *recipients(cc), *recipients(bcc)]
    message = compose(
        sender=from_email or config.sender,
        to=recipients(to),
        cc=recipients(cc),
        subject=subject,
        html=html_content,
        files=list(files),
    )
    send(message, everyone, config)


def _rendered(value: Any, context: Mapping[str, Any]) -> Any:
    if isinstance(value, str):
        return render_text(value, context, "template of a notifier")
    if isinstance(value, Mapping):
        return {key: _rendered(item, context) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_rendered(item, context) for item in value]
    return value
