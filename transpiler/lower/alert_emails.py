"""The e-mails that Airflow sends by itself when a task fails or is retried (`email=`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from transpiler.lower.hook_calls import HookCall
from transpiler.lower.reporting import about
from transpiler.model.pipeline import Import
from transpiler.model.values import is_known

if TYPE_CHECKING:
    from transpiler.lower.lowering import Lowering
    from transpiler.lower.reader import TaskReader
    from transpiler.model.dag import Argument
    from transpiler.model.finding import Finding

EMAIL_ALERT = Import("runtime.notifiers", "email_alert")
_SWITCHES = {"email_on_failure": "on_failure_callback", "email_on_retry": "on_retry_callback"}
"""The callback that stands for each switch; both are on unless they are turned off."""


def email_alerts(task: TaskReader, to: Lowering) -> tuple[dict[str, HookCall], list[Finding]]:
    """The alerts of a task by the callback at whose place they are sent, and findings."""
    email = task.take("email")
    switches = {name: task.take(name) for name in _SWITCHES}
    if email is None or not email.value:
        return {}, []
    on = [
        name
        for name, argument in switches.items()
        if argument is None or argument.value is None or argument.value
    ]
    if not on:
        detail = "email: nothing is sent, as email_on_failure and email_on_retry are off"
        return {}, [about("D2Z311", email, detail, task_id=task.task_id)]
    addresses = addresses_of(email)
    if addresses is None:
        detail = (
            f"Airflow sends an e-mail ({', '.join(on)}) to addresses that the file does not tell"
        )
        return {}, [about("D2Z215", email, detail, task_id=task.task_id)]
    retries = task.task.arguments.get("retries")
    sent = [name for name in on if name == "email_on_failure" or (retries and retries.value)]
    if not sent:
        detail = "email: nothing is sent, as the task is not retried"
        return {}, [about("D2Z311", email, detail, task_id=task.task_id)]
    to.settings.email(email.span, alerts_only=True)
    alert = HookCall(email, EMAIL_ALERT, f"{EMAIL_ALERT.name}(exception, to={addresses!r})")
    return {_SWITCHES[name]: alert for name in sent}, []


def addresses_of(email: Argument) -> list[str] | str | None:
    """The addresses of `email=`; None where the file does not tell them."""
    value = email.value
    if not is_known(value):
        return None
    if isinstance(value, str):
        return value
    if isinstance(value, (list, tuple, set)) and all(isinstance(one, str) for one in value):
        return sorted(value) if isinstance(value, set) else list(value)
    return None
