"""A container's log, followed over lost connections without a line lost or doubled."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from runtime.platforms.kubernetes.pods import Pods

logger = logging.getLogger(__name__)

_STAMPED = re.compile(r"(?P<time>\d{4}-\d\d-\d\dT[\d:.]+\S*)(?: (?P<line>.*))?", re.DOTALL)


@dataclass
class LogPosition:
    """How far a log was read: the last line's time, and the lines that have it.

    The times are the node's own, so no clock has to agree with another.
    """

    time: str = ""
    lines: list[str] = field(default_factory=list)

    def is_new(self, time: str, line: str) -> bool:
        """Whether a line was not read before; from now on it was."""
        if self.time and _sortable(time) < _sortable(self.time):
            return False
        if time != self.time:
            self.time, self.lines = time, []
        self.lines.append(line)
        return True


def _sortable(time: str) -> tuple[str, str]:
    """Split a time where its fraction begins: some runtimes leave its last zeros out."""
    whole, _, fraction = time.rstrip("Z").partition(".")
    return whole, fraction.ljust(9, "0")


def follow(
    pods: Pods,
    pod: str,
    container: str,
    is_over: Callable[[], bool],
    read_timeout_seconds: float,
    pause: Callable[[], None],
) -> Iterator[str]:
    """Give the lines of a container's log until it has ended, without the ends of lines.

    A connection that is lost or silent for `read_timeout_seconds` is made again, and goes on after
    the last line. `is_over` says whether the container has ended; what it has printed until then
    is read to the end. `pause` is called before the next connection: a log may end before the API
    knows that its container has.
    """
    import urllib3
    from kubernetes.client import ApiException

    position = LogPosition()
    while True:
        over = is_over()
        try:
            yield from _read(
                pods, pod, container, position, follow=not over, timeout=read_timeout_seconds
            )
        except urllib3.exceptions.ReadTimeoutError:
            continue
        except urllib3.exceptions.HTTPError as error:
            logger.warning("The log of the pod %s was interrupted and is resumed: %s", pod, error)
            pause()
            continue
        except ApiException as error:
            if error.status == 404 or over:
                logger.warning("The log of the pod %s cannot be read: %s", pod, error.reason)
                return
            logger.warning("The log of the pod %s cannot be read yet: %s", pod, error.reason)
        if over:
            return
        pause()


def read_all(pods: Pods, pod: str, container: str) -> Iterator[str]:
    """Give the lines that a container has printed until now."""
    return _read(pods, pod, container, LogPosition(), follow=False, timeout=60)


def _read(
    pods: Pods, pod: str, container: str, position: LogPosition, *, follow: bool, timeout: float
) -> Iterator[str]:
    seen = list(position.lines)
    last = position.time
    query: list[tuple[str, Any]] = [("container", container), ("timestamps", "true")]
    query += [("follow", "true")] if follow else []
    # The typed function of the client has no sinceTime, and sinceSeconds needs clocks that agree.
    query += [("sinceTime", last)] if last else []
    response = pods.cluster.call(
        f"read the log of the pod {pod}",
        pods.cluster.api_client.call_api,
        "/api/v1/namespaces/{namespace}/pods/{name}/log",
        "GET",
        {"namespace": pods.namespace, "name": pod},
        query,
        auth_settings=["BearerToken"],
        _preload_content=False,
        _return_http_data_only=True,
        _request_timeout=(timeout, timeout),
    )
    try:
        for text in _lines(response):
            stamped = _STAMPED.fullmatch(text)
            if stamped is None:  # The kubelet about itself: no line of the container.
                logger.warning("%s", text)
                continue
            time, line = stamped["time"], stamped["line"] or ""
            if time == last and seen and line == seen[0]:
                seen.pop(0)
            elif position.is_new(time, line):
                yield line
    finally:
        response.close()  # What is left unread must not be the answer to a later request.
        response.release_conn()


def _lines(response: Any) -> Iterator[str]:
    pending = b""
    for chunk in response.stream(65536, decode_content=True):
        *lines, pending = (pending + chunk).split(b"\n")
        yield from (line.decode(errors="backslashreplace").rstrip() for line in lines)
    if pending:
        yield pending.decode(errors="backslashreplace").rstrip()
