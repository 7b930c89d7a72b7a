"""Commands inside of a running container, through the API's exec."""

from __future__ import annotations

import base64
import logging
import time
from typing import TYPE_CHECKING, Any

from runtime.exceptions import PlatformError
from runtime.platforms.errors import PlatformRefusedError
from runtime.platforms.kubernetes.cluster import refused
from runtime.platforms.kubernetes.xcom import END, READ, SIDECAR, parse_value

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kubernetes.client import CoreV1Api
    from pydantic import JsonValue

    from runtime.platforms.kubernetes.pods import Pods

logger = logging.getLogger(__name__)

_ATTEMPTS = 5
_DELAY_SECONDS = 0.5


def read_sidecar(pods: Pods, pod: str, timeout_seconds: float) -> JsonValue:
    """Give the value that the side car keeps. Raises `PlatformError`."""
    text = ""
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            text = run_in_container(pods, pod, SIDECAR, READ, timeout_seconds)
            break
        except ConnectionError as error:
            if attempt == _ATTEMPTS:
                raise PlatformError(
                    f"The value of the pod {pod} cannot be read from its side car: {error}. "
                    "Set `platform.config.xcom: termination_message` where exec does not work."
                ) from error
            logger.warning("The value of the pod %s is asked for again: %s", pod, error)
            time.sleep(_DELAY_SECONDS * attempt)
    try:
        value = base64.b64decode("".join(text.split()), validate=True)
    except ValueError as error:
        raise PlatformError(
            f"The side car of the pod {pod} gave no base64. Its image needs sh and base64."
        ) from error
    return parse_value(value.decode(errors="replace"))


def end_sidecar(pods: Pods, pod: str, timeout_seconds: float) -> None:
    """Let the side car end, so that the pod can."""
    try:
        run_in_container(pods, pod, SIDECAR, END, timeout_seconds)
    except ConnectionError as error:
        # Its end takes the connection with it; what is left of the pod is deleted anyway.
        logger.debug("The side car of the pod %s was told to end: %s", pod, error)
    except PlatformRefusedError as error:
        logger.warning("The side car of the pod %s goes on running: %s", pod, error)


def run_in_container(
    pods: Pods, pod: str, container: str, command: Sequence[str], timeout_seconds: float
) -> str:
    """Run a command in a container and give what it prints.

    Raises `PlatformRefusedError` where we may not, and `ConnectionError` for a connection that
    fails and a command that does.
    """
    from kubernetes.client import ApiException
    from kubernetes.stream import stream
    from websocket import WebSocketException

    try:
        session = stream(
            # A client of its own: `stream` exchanges its requests for web sockets.
            _core(pods).connect_get_namespaced_pod_exec,
            pod,
            pods.namespace,
            container=container,
            command=list(command),
            stderr=True,
            stdin=False,
            stdout=True,
            tty=False,
            _preload_content=False,
            _request_timeout=timeout_seconds,
        )
        try:
            session.run_forever(timeout=timeout_seconds)
            printed, said = session.read_stdout(timeout=0), session.read_stderr(timeout=0)
            code = _exit_code(session)
        finally:
            session.close()
            session.sock.shutdown()  # Of a lost connection, `close` leaves the socket open.
    except (ApiException, AttributeError) as raised:
        # The client stumbles over a refusal that has no body; the refusal itself is the context.
        error = raised if isinstance(raised, ApiException) else raised.__context__
        if not isinstance(error, ApiException):
            raise
        if error.status == 403 or "Handshake status 403" in str(error.reason):
            raise refused(f"run a command in the pod {pod} (pods/exec)", error) from error
        raise ConnectionError(str(error.reason)) from error
    except (WebSocketException, OSError) as error:
        raise ConnectionError(str(error)) from error
    if code != 0:
        raise ConnectionError(f"the command ended with {code}: {str(said)[:500]}")
    return str(printed)


def _exit_code(session: Any) -> int | None:
    """Give the command's exit code, None where the connection was lost before it was told."""
    if session.is_open():
        return None
    try:
        code: int = session.returncode
    except TypeError:  # The client reads the code of an answer that never came.
        return None
    return code


def _core(pods: Pods) -> CoreV1Api:
    from kubernetes import client

    return client.CoreV1Api(client.ApiClient(pods.cluster.api_client.configuration))
