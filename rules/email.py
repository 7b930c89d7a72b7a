"""E-mail."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rules.arguments import pass_on, platform_settings, same_as_default, step
from rules.registry import Example, rule

if TYPE_CHECKING:
    from transpiler.lower.lowering import Lowering
    from transpiler.lower.reader import TaskReader
    from transpiler.model.dag import Argument
    from transpiler.model.pipeline import Expr, StepCall

_MAIL_SERVER = {"conn_id": "its mail server goes into the section `email` of the configuration"}
_PASSED_ON = {name: name for name in ("cc", "bcc", "files", "from_email")}

_REPORT = Example(
    before="""\
from datetime import datetime

from airflow import DAG
from airflow.operators.email import EmailOperator

with DAG("nightly", start_date=datetime(2024, 1, 1), schedule="@daily", catchup=False):
    EmailOperator(
        task_id="tell",
        to=["data@example.com"],
        subject="Loaded {{ ds }}",
        html_content="<p>All rows of {{ ds }} are there.</p>",
    )
""",
    after="""\
send_email(
    ["data@example.com"],
    subject="Loaded {{ ds }}",
    html_content="<p>All rows of {{ ds }} are there.</p>",
    id="tell",
)
""",
)


@rule(
    "airflow.operators.email.EmailOperator",
    "airflow.operators.email_operator.EmailOperator",
    "airflow.operators.EmailOperator",
    "airflow.providers.smtp.operators.smtp.EmailOperator",
    docs="https://airflow.apache.org/docs/apache-airflow-providers-smtp/stable/operators/email.html",
    examples=[_REPORT],
)
def email_operator(task: TaskReader, to: Lowering) -> StepCall:
    """The mail is sent by `send_email`; the mail server comes from the section `email` of the
    configuration.
    """
    same_as_default(task, mime_subtype="mixed", mime_charset="utf-8", custom_headers={})
    platform_settings(task, to, _MAIL_SERVER)
    to.settings.email(task.span)
    kwargs = {
        "subject": to.expr(task.require("subject")),
        "html_content": _content(to, task.require("html_content")),
        **pass_on(task, to, _PASSED_ON),
    }
    return step("send_email", task, to.expr(task.require("to")), kwargs=kwargs)


def _content(to: Lowering, content: Argument) -> Expr:
    if isinstance(content.value, str) and content.value.endswith(".html"):
        return to.literal(to.sql.template_text(content.value, content.span))
    return to.expr(content)
