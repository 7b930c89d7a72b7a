"""Compose an e-mail and hand it to the configured server."""

from __future__ import annotations

import mimetypes
import re
import smtplib
import ssl
from collections.abc import Sequence
from email.errors import MessageError
from email.message import EmailMessage
from email.utils import formatdate
from pathlib import Path

from runtime.config import EmailConfig
from runtime.exceptions import EmailError


def recipients(addresses: str | Sequence[str] | None) -> list[str]:
    """Give the addresses of a list, or of a text with commas or semicolons between them."""
    texts = [addresses] if isinstance(addresses, str) else addresses or []
    parts = (part.strip() for text in texts for part in re.split(r"[,;]", text))
    return [part for part in parts if part]


def compose(
    *,
    sender: str,
    to: Sequence[str],
    cc: Sequence[str],
    subject: str,
    html: str,
    files: Sequence[str],
) -> EmailMessage:
    """Make an HTML message with attachments; `EmailError` names what is wrong with it."""
    message = EmailMessage()
    try:
        message["Subject"] = subject
        message["From"] = sender
        message["To"] = ", ".join(to)
        if cc:
            message["Cc"] = ", ".join(cc)
        message["Date"] = formatdate(localtime=True)
        message.set_content(html, subtype="html")
    except (ValueError, MessageError) as error:
        raise EmailError(f"The e-mail cannot be composed: {error}. Correct its headers.") from error
    for file in files:
        _attach(message, Path(file))
    return message


def send(message: EmailMessage, to: Sequence[str], config: EmailConfig) -> None:
    """Send a message to all of `to`; `EmailError` names the server and its answer."""
    if not to:
        raise EmailError("The e-mail has no recipient. Give `to` an address.")
    server = f"{config.host}:{config.port}"
    try:
        with _connect(config) as client:
            if config.starttls and not config.ssl:
                client.starttls(context=ssl.create_default_context())
            if config.user and config.password:
                client.login(config.user, config.password.get_secret_value())
            client.send_message(message, from_addr=str(message["From"]), to_addrs=list(to))
    except smtplib.SMTPNotSupportedError as error:
        raise EmailError(
            f"The mail server {server} does not offer what is configured: {error}. "
            "Set `email.starttls: false` for a server without TLS."
        ) from error
    except (smtplib.SMTPException, OSError) as error:
        raise EmailError(
            f"The mail server {server} did not take the e-mail: {type(error).__name__}: {error}. "
            "Check `email:` in the configuration."
        ) from error


def _connect(config: EmailConfig) -> smtplib.SMTP:
    if config.ssl:
        context = ssl.create_default_context()
        return smtplib.SMTP_SSL(
            config.host, config.port, timeout=config.timeout_seconds, context=context
        )
    return smtplib.SMTP(config.host, config.port, timeout=config.timeout_seconds)


def _attach(message: EmailMessage, file: Path) -> None:
    try:
        content = file.read_bytes()
    except OSError as error:
        raise EmailError(f"Cannot attach {str(file)!r}: {error.strerror}.") from error
    kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    main, sub = kind.split("/", 1)
    message.add_attachment(content, maintype=main, subtype=sub, filename=file.name)
