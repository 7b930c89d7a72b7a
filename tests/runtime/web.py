"""A small HTTP server on the loopback interface whose answers a test writes."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit


@dataclass(frozen=True)
class Request:
    """What came in; bytes of the body that are no text are escaped by surrogates."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: str


@dataclass
class Web:
    """Where the server is, and what it was asked."""

    port: int
    requests: list[Request] = field(default_factory=list)


Answer = tuple[int, str]


@contextmanager
def web(answer: Callable[[Request], Answer]) -> Iterator[Web]:
    """A server that answers each request with a status and a text."""
    seen: list[Request] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            body = self.rfile.read(int(self.headers["Content-Length"] or 0))
            query = dict(parse_qsl(parts.query, keep_blank_values=True))
            text_of_body = body.decode(errors="surrogateescape")
            request = Request(self.command, parts.path, query, dict(self.headers), text_of_body)
            seen.append(request)
            status, text = answer(request)
            content = text.encode(errors="surrogateescape")
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(content)

        do_POST = do_PUT = do_DELETE = do_HEAD = do_GET

        def log_message(self, format: str, *args: object) -> None:
            """Stay silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield Web(server.server_address[1], seen)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
