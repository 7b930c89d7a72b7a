"""Requests to model servers, sent again while a server is away or has too much to do."""

from __future__ import annotations

import logging
import random
import time
from typing import TYPE_CHECKING, Any, Protocol

from runtime.platforms.errors import PlatformConnectionError

if TYPE_CHECKING:
    import httpx

logger = logging.getLogger(__name__)

OVERLOADED = frozenset({429, 502, 503, 504})


class Patience(Protocol):
    """How often a request is sent, and the first pause in seconds; later ones are longer."""

    @property
    def attempts(self) -> int:
        """At least 1."""

    @property
    def retry_seconds(self) -> float:
        """At least 0."""


def send(
    http: httpx.Client, server: str, patience: Patience, method: str, url: str, **request: Any
) -> httpx.Response:
    """Send a request, again while the server is away or overloaded: asking changes nothing.

    `server` is its address for messages. Raises `PlatformConnectionError` after the last attempt.
    """
    import httpx

    attempts = patience.attempts
    for attempt in range(1, attempts + 1):
        try:
            answer = http.request(method, url, **request)
            if answer.status_code not in OVERLOADED:
                return answer
            reason = f"status {answer.status_code}: {said(answer)}"
        except httpx.TransportError as error:
            reason = f"{type(error).__name__}: {error}"
        if attempt < attempts:
            delay = patience.retry_seconds * 2 ** (attempt - 1) * random.uniform(0.8, 1.2)
            logger.warning("The model server did not answer (%s); again in %.1f s.", reason, delay)
            time.sleep(delay)
    raise PlatformConnectionError(
        f"The model server at {server} did not answer in {attempts} attempts: {reason}. "
        "No prediction was kept; see its log, then run the step again."
    )


def said(answer: httpx.Response) -> str:
    """Give what an answer says about its failure: the begin and, of MLflow's, the end tells most."""
    try:
        document = answer.json()
    except ValueError:
        return _shortened(answer.text)
    keys = ("error", "detail", "message")
    told = (
        [document[key] for key in keys if document.get(key)] if isinstance(document, dict) else []
    )
    return _shortened(str(told[0] if told else document))


def _shortened(text: str) -> str:
    return text if len(text) <= 500 else f"{text[:200]} … {text[-300:]}"
