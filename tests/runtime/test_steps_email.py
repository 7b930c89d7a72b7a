"""`send_email` to a real SMTP receiver."""

from __future__ import annotations

import email
from collections.abc import Callable
from email import policy
from pathlib import Path
from typing import Any

import pytest

from runtime.exceptions import EmailError
from runtime.steps import send_email
from tests.conftest import EmittedProject
from tests.runtime.receivers import smtp_receiver

InStep = Callable[[Callable[[], Any]], Any]


def configure(project: EmittedProject, port: int, starttls: bool = False) -> None:
    """Point the project at a mail server."""
    project.write(
        "configs/base.yaml",
        f"email: {{host: 127.0.0.1, port: {port}, sender: dags@example.com, "
        f"starttls: {str(starttls).lower()}, timeout_seconds: 5}}\n",
    )


def test_message_arrives_with_everything(
    in_step: InStep, emitted_project: EmittedProject, tmp_path: Path
) -> None:
    attachment = tmp_path / "rows-2024-01-02.csv"
    attachment.write_text("a,b\n1,2\n")
    with smtp_receiver() as receiver:
        configure(emitted_project, receiver.port)
        in_step(
            lambda: send_email(
                to="a@example.com; b@example.com",
                cc=["c@example.com"],
                bcc="d@example.com",
                subject="Report {{ ds }}",
                html_content="<b>{{ params.market }}</b> é",
                files=[str(tmp_path / "rows-{{ ds }}.csv")],
                timeout_seconds=30,
            )
        )
    ((sender, recipients, text),) = receiver.messages
    message = email.message_from_bytes(text.encode(), policy=policy.default)
    assert sender == "dags@example.com"
    assert recipients == [f"{name}@example.com" for name in "abcd"]
    assert message["To"] == "a@example.com, b@example.com"
    assert (message["Cc"], message["Bcc"]) == ("c@example.com", None)
    assert message["Subject"] == "Report 2024-01-02"
    html, file = message.iter_parts()
    assert html.get_content().strip() == "<b>BE</b> é"
    assert file.get_filename() == "rows-2024-01-02.csv"
    assert file.get_content().splitlines() == ["a,b", "1,2"]


@pytest.mark.parametrize(
    ("changes", "cause"),
    [
        ({"subject": "two\nlines"}, "cannot be composed"),
        ({"to": " ; "}, "no recipient"),
        ({"files": ["/nowhere/file.csv"]}, "Cannot attach"),
        ({"to": "gone@example.com"}, "did not take the e-mail"),
    ],
    ids=["header injection", "nobody", "missing file", "refused"],
)
def test_errors_say_what_is_wrong(
    in_step: InStep, emitted_project: EmittedProject, changes: dict[str, Any], cause: str
) -> None:
    arguments = {"to": "a@example.com", "subject": "s", "html_content": "h", **changes}
    with smtp_receiver(refuse="gone@example.com") as receiver:
        configure(emitted_project, receiver.port)
        with pytest.raises(EmailError, match=cause):
            in_step(lambda: send_email(**arguments))
    assert receiver.messages == []


def test_server_without_tls_is_named(in_step: InStep, emitted_project: EmittedProject) -> None:
    with smtp_receiver() as receiver:
        configure(emitted_project, receiver.port, starttls=True)
        with pytest.raises(EmailError, match="email.starttls: false"):
            in_step(lambda: send_email("a@example.com", "s", "h"))
