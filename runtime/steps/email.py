"""Airflow's EmailOperator as a step."""

from __future__ import annotations

from zenml import step

from runtime.config import load_config
from runtime.context import current_run, task_id
from runtime.mail import compose, recipients, send
from runtime.templates import render
from runtime.timeouts import time_limit


@step(enable_cache=False)
def send_email(
    to: str | list[str],
    subject: str,
    html_content: str,
    cc: str | list[str] | None = None,
    bcc: str | list[str] | None = None,
    files: list[str] | None = None,
    from_email: str | None = None,
    timeout_seconds: float | None = None,
) -> None:
    """Send an HTML e-mail through the server of the configuration's `email:` section.

    Every argument is a template; addresses may be a list or text with commas or semicolons. Raises
    `EmailError` for an attachment that is missing and for what the server refuses.

    Source: https://airflow.apache.org/docs/apache-airflow-providers-smtp/stable/operators/index.html
    """
    run, task = current_run(), task_id()
    to, subject, html_content, cc, bcc, files, from_email = render(
        (to, subject, html_content, cc, bcc, files, from_email), run, task
    )
    config = load_config(run.dag_id).email
    message = compose(
        sender=from_email or config.sender,
        to=recipients(to),
        cc=recipients(cc),
        subject=subject,
        html=html_content,
        files=files or [],
    )
    with time_limit(timeout_seconds):
        send(message, [*recipients(to), *recipients(cc), *recipients(bcc)], config)
