"""A connection to the embedded warehouse on which a test makes things go wrong.

It stands between the real connector and the server, passes requests on, and does to some of them
what networks and overloaded services do.
"""

from __future__ import annotations

import gzip
import http.client
import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Literal

import pytest
import snowflake.connector.connection
from snowflake.connector.storage_client import SnowflakeStorageClient

from runtime.config import ConnectionConfig


@dataclass
class Fault:
    """Happens to requests whose `METHOD path SQL` holds `where`, `times` times after `after`.

    `lose_request`: it never arrives; `lose_answer`: it arrives, but the answer is lost; `hang`: no
    answer until the end of the test; a number: that HTTP status; a text: this body with status 200.
    """

    where: str
    what: Literal["lose_request", "lose_answer", "hang"] | int | str
    times: float = float("inf")
    after: int = 0
    seen: int = 0

    def strikes(self, request: str) -> bool:
        """Count a request, and tell whether it is struck."""
        if self.where not in request:
            return False
        self.seen += 1
        return self.after < self.seen <= self.after + self.times


@dataclass
class Unsteady:
    """A connection through the proxy, the faults to come, and the requests that came."""

    config: ConnectionConfig
    faults: list[Fault] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)


def _at_once() -> Iterator[float]:
    while True:
        yield 0.01


def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the connector wait a moment between its attempts, not seconds."""
    defaults = snowflake.connector.connection.DEFAULT_CONFIGURATION
    kinds = defaults["backoff_policy"][1]
    monkeypatch.setitem(defaults, "backoff_policy", (_at_once, kinds))
    monkeypatch.setattr(SnowflakeStorageClient, "SLEEP_UNIT", 0.01)


@contextmanager
def unsteady(config: ConnectionConfig) -> Iterator[Unsteady]:
    """Stand between connector and warehouse while the block lasts."""
    ended = threading.Event()
    made = Unsteady(config)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"] or 0))
            request = _described(self.command, self.path, body, self.headers)
            made.requests.append(request)
            fault = next((each for each in made.faults if each.strikes(request)), None)
            if fault is None or fault.what == "lose_answer":
                status, answer = _pass_on(config, self, body)
            if fault is None:
                self._reply(status, answer)
            elif fault.what in ("lose_request", "lose_answer"):
                self._cut()
            elif fault.what == "hang":
                ended.wait()
                self._cut()
            elif isinstance(fault.what, int):
                self._reply(fault.what, b"")
            else:
                self._reply(200, str(fault.what).encode())

        do_GET = do_PUT = do_DELETE = do_POST

        def _cut(self) -> None:
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)

        def _reply(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Stay silent."""

    server = _Server(("127.0.0.1", 0), Handler)
    made.config = config.model_copy(
        update={
            "port": server.server_address[1],
            "extra": {"network_timeout": 20, "login_timeout": 20},
        }
    )
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield made
    finally:
        ended.set()
        server.shutdown()
        thread.join()
        server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    handle_error: Callable[..., None] = lambda *_: None  # noqa: E731 - cut connections are meant


def _described(method: str, path: str, body: bytes, headers: Message) -> str:
    if "query-request" not in path and "login-request" not in path:
        return f"{method} {path}"
    plain = gzip.decompress(body) if headers["Content-Encoding"] == "gzip" else body
    document = json.loads(plain)
    if "login-request" in path:
        return f"{method} {path} {document['data']['SESSION_PARAMETERS'].get('QUERY_TAG', '')}"
    return f"{method} {path} {document['sqlText']}"


def _pass_on(
    config: ConnectionConfig, handler: BaseHTTPRequestHandler, body: bytes
) -> tuple[int, bytes]:
    onward = http.client.HTTPConnection(str(config.host), config.port)
    try:
        # The header Host goes along, so that addresses in answers lead here again.
        onward.request(handler.command, handler.path, body, dict(handler.headers))
        answer = onward.getresponse()
        return answer.status, answer.read()
    finally:
        onward.close()
