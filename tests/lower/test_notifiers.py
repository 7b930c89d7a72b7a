"""Airflow's notifiers and its own e-mails as hooks."""

from __future__ import annotations

from typing import Any

import pytest

from tests.lower.factory import PlainLowering, dag, dag_file, function, module, span, task
from transpiler.lower.callbacks import lower_task_callbacks
from transpiler.lower.dag_callbacks import lower_dag_callbacks
from transpiler.lower.mode import Mode
from transpiler.lower.notifiers import arguments_of, notifier_of
from transpiler.lower.python_literals import NotALiteralError
from transpiler.lower.reader import TaskReader
from transpiler.model.values import Call, Symbolic

SLACK = "airflow.providers.slack.notifications.slack"
WEBHOOK = "airflow.providers.slack.notifications.slack_webhook.SlackWebhookNotifier"
SMTP = "airflow.providers.smtp.notifications.smtp.SmtpNotifier"
DAG = module("def notify(context):\n    print(context)\n")
NOTIFY = function(DAG, "notify")


def call(name: str, *args: Any, **kwargs: Any) -> Call:
    return Call(name, args, kwargs, f"{name.rpartition('.')[2]}(…)", span())


def lower(**arguments: Any) -> tuple[dict[str, str], str, PlainLowering]:
    """Hooks, the steps module, and what was collected."""
    one = task(**arguments)
    to = PlainLowering(dag(one), dag_file(DAG))
    hooks, findings = lower_task_callbacks(TaskReader(one), to)  # type: ignore[arg-type]
    to.findings += findings
    steps = to.callables.build()
    text = "\n".join(steps.definitions) if steps is not None else ""
    return {name: hook.code for name, hook in hooks.items()}, text, to


def test_slack_notifier() -> None:
    notifier = call(f"{SLACK}.send_slack_notification", text="{{ ti }} failed", channel="#ops")

    hooks, text, to = lower(on_failure_callback=[notifier])

    assert hooks == {"on_failure": "on_failure"}
    assert text == (
        "def on_failure(exception: BaseException) -> None:\n"
        "    notify_slack(failure_context(exception), text='{{ ti }} failed', channel='#ops')"
    )
    assert to.codes() == ["D2Z309"]
    assert to.settings.content().config["connections"]["slack_api_default"]["type"] == "slack"


def test_arguments_by_position_and_another_connection() -> None:
    notifier = call(WEBHOOK, "slack_ops", "Done")

    _, text, to = lower(on_success_callback=notifier)

    assert "notify_slack_webhook(success_context(), text='Done', connection='slack_ops')" in text
    assert "slack_ops" in to.settings.content().config["connections"]


def test_smtp_notifier_uses_the_mail_server() -> None:
    notifier = call(SMTP, to=["a@x.org"], from_email=None, smtp_conn_id="smtp")

    _, text, to = lower(on_retry_callback=notifier, retries=1)

    assert "        notify_by_email(failure_context(exception), to=['a@x.org'])" in text
    # An alert must not keep a run from starting, so the server is not asked for.
    assert "email" not in to.settings.content().config
    assert [found.code for found in to.settings.findings] == ["D2Z308"]


@pytest.mark.parametrize(
    ("notifier", "why"),
    [
        (call(SMTP, to="a@x.org", custom_headers={"X": "1"}), "custom_headers has no equivalent"),
        (call(SMTP, *"abcdefgh"), "an argument has no equivalent"),
        (call(SMTP, to=Symbolic("TO", "unknown")), "known only when the DAG file runs"),
    ],
)
def test_what_a_notifier_cannot_do_is_told(notifier: Call, why: str) -> None:
    hooks, text, to = lower(on_failure_callback=notifier)

    assert (hooks, text, to.codes()) == ({}, "", ["D2Z310"])
    assert why in to.findings[0].message
    found = notifier_of(notifier)
    assert found is not None
    with pytest.raises(NotALiteralError, match=why):
        arguments_of(found, notifier)


def test_other_callbacks_are_no_notifiers() -> None:
    assert notifier_of(NOTIFY) is None
    assert notifier_of(call("company.Notifier")) is None


def test_a_notifier_of_the_run() -> None:
    of_run = dag(on_failure_callback=call(f"{SLACK}.SlackNotifier", text="The run failed"))
    to = PlainLowering(of_run, mode=Mode("dynamic"))

    options, findings = lower_dag_callbacks(to)  # type: ignore[arg-type]

    assert options["on_failure"].code == "partial(notify_slack, text='The run failed')"
    assert [found.code for found in findings] == ["D2Z309"]


def test_email_is_sent_before_the_callbacks() -> None:
    hooks, text, to = lower(email=["a@x.org"], retries=2, on_failure_callback=NOTIFY)

    assert sorted(hooks) == ["on_end", "on_failure"]
    assert (
        "    email_alert(exception, to=['a@x.org'])\n    notify(failure_context(exception))" in text
    )
    assert (
        "def on_end(exception: BaseException | None = None) -> None:\n"
        "    if exception is not None and retry_pending(exception):\n"
        "        email_alert(exception, to=['a@x.org'])"
    ) in text
    assert to.codes() == ["D2Z309", "D2Z309", "D2Z309"]


def test_email_of_a_task_that_is_not_retried() -> None:
    hooks, text, _ = lower(email="a@x.org, b@x.org", email_on_retry=True)

    assert hooks == {"on_failure": "on_failure"}
    assert "email_alert(exception, to='a@x.org, b@x.org')" in text
