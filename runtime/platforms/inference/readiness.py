"""Whether a model server is ready, by what it answers."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from runtime.exceptions import PlatformError
from runtime.platforms.errors import StartupTimeoutError
from runtime.platforms.inference.settings import Protocol

_TURN_SECONDS = 0.1
_ANSWER_SECONDS = 5.0
_PATHS = {"mlflow": "/health", "v1": "/v1/models/{name}", "v2": "/v2/models/{name}/ready"}


def is_ready(url: str, name: str, protocol: Protocol) -> bool:
    """Whether the server at `url` has loaded the model `name`; one that is not reached has not."""
    import httpx

    kinds: Sequence[str] = ("v2", "v1") if protocol == "auto" else (protocol,)
    try:
        return any(
            httpx.get(url + _PATHS[kind].format(name=name), timeout=_ANSWER_SECONDS).status_code
            == 200
            for kind in kinds
        )
    except httpx.TransportError:
        return False


def wait_until_ready(
    name: str,
    ready: Callable[[], bool],
    alive: Callable[[], bool],
    log: Callable[[], Sequence[str]],
    timeout_seconds: float,
) -> None:
    """Wait until a server is ready.

    Raises `PlatformError` for one that ends before, and `StartupTimeoutError` after the time, both
    with the last lines of its log.
    """
    deadline = time.monotonic() + timeout_seconds
    while not ready():
        if not alive():
            raise PlatformError(
                f"The model server {name} ended before it was ready. {_last_lines(log())}"
            )
        if time.monotonic() > deadline:
            raise StartupTimeoutError(
                f"The model server {name} is not ready within {timeout_seconds:g} s and was stopped. "
                f"{_last_lines(log())} Raise `timeout_seconds` where it only needs longer."
            )
        time.sleep(_TURN_SECONDS)


def _last_lines(lines: Sequence[str]) -> str:
    told = "\n  ".join(line[:500] for line in lines[-5:])
    return f"Its last lines:\n  {told}\n" if told else "It printed nothing."
