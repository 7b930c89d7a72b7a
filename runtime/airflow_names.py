"""Airflow's lookup classes, so that callables taken over from a DAG keep their bodies."""

from __future__ import annotations

import logging
from typing import Any

from runtime.connections import Connection, get_connection
from runtime.variables import REQUIRED, get_variable


class LoggingMixin:
    """Gives `self.log`."""

    @property
    def log(self) -> logging.Logger:
        """Give the logger that is named after the class."""
        return logging.getLogger(f"{type(self).__module__}.{type(self).__qualname__}")


class Variable:
    """Airflow's `Variable`, for reading: values come from the configuration or the environment."""

    @staticmethod
    def get(
        key: str,
        default_var: Any = REQUIRED,
        deserialize_json: bool = False,
        *,
        default: Any = REQUIRED,
    ) -> Any:
        """Give a variable; `default_var` is Airflow 2's name of the default, `default` Airflow 3's.

        Raises `VariableNotFoundError`, a `KeyError` as in Airflow, where there is neither.
        """
        fallback = default_var if default is REQUIRED else default
        return get_variable(key, fallback, deserialize_json)


class BaseHook(LoggingMixin):
    """Airflow's `BaseHook`, for reading connections; also as the base of hooks of a project."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Take what Airflow's class takes, and need nothing of it."""

    @classmethod
    def get_connection(cls, conn_id: str) -> Connection:
        """Give a configured connection; `ConfigError` names the ones there are."""
        return get_connection(conn_id)

    def get_conn(self) -> Any:
        """Open the connection: what hooks of a project define."""
        raise NotImplementedError(f"{type(self).__name__} does not say how to connect.")


def send_email(
    to: str | list[str],
    subject: str,
    html_content: str,
    files: list[str] | None = None,
    dryrun: bool = False,
    cc: str | list[str] | None = None,
    bcc: str | list[str] | None = None,
    **_: Any,
) -> None:
    """Airflow's `send_email`: through the mail server of the configuration."""
    from runtime.config import load_config
    from runtime.mail import compose, recipients, send

    config = load_config().email
    message = compose(
        sender=config.sender,
        to=recipients(to),
        cc=recipients(cc),
        subject=subject,
        html=html_content,
        files=files or [],
    )
    if not dryrun:
        send(message, [*recipients(to), *recipients(cc), *recipients(bcc)], config)
