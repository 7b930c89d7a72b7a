"""A server on this machine that shows the report and refreshes it in the browser.

The written pages stay as they are: the few lines that wait for a change are added on the way out.
"""

from __future__ import annotations

import threading
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

HOST = "127.0.0.1"
INDEX = "migration.html"
EVENTS = "/.events"
_CODE = f'new EventSource("{EVENTS}").onmessage = () => location.reload();'
_HASH = b64encode(sha256(_CODE.encode()).digest()).decode()
_HEARTBEAT_SECONDS = 10.0


class Changes:
    """Counts the runs, and lets browsers wait for the next one."""

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self._number = 0
        self._closed = False

    def tell(self) -> None:
        """A run has written the report."""
        with self._condition:
            self._number += 1
            self._condition.notify_all()

    def close(self) -> None:
        """Nobody needs to wait any more."""
        with self._condition:
            self._closed = True
            self._condition.notify_all()

    def events(self) -> Iterator[bytes]:
        """The event stream of one browser: a message for each run, and comments that keep it open."""
        with self._condition:
            seen = self._number
        yield b"retry: 1000\n\n"
        while True:
            with self._condition:
                if not self._closed and self._number == seen:
                    self._condition.wait(_HEARTBEAT_SECONDS)
                closed, changed, seen = self._closed, self._number != seen, self._number
            if closed:
                return
            yield b"data: changed\n\n" if changed else b": still here\n\n"


@contextmanager
def serving(folder: Path, port: int, changes: Changes) -> Iterator[str]:
    """Serve the pages of a folder while the block runs; gives the address of the first page.

    Port 0 takes a free one. Raises OSError where the port is taken.
    """
    server = ThreadingHTTPServer((HOST, port), _handler(folder, changes))
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, name="watch-server", daemon=True)
    thread.start()
    try:
        yield f"http://{HOST}:{server.server_address[1]}/{INDEX}"
    finally:
        changes.close()
        server.shutdown()
        server.server_close()
        thread.join()


def _handler(folder: Path, changes: Changes) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        """Pages of the folder, and the stream of changes. Other names than this machine's own are
        refused, so that no web page can read the report by a name that leads here.
        """

        def do_GET(self) -> None:
            host = self.headers.get("Host", "").rpartition(":")[0]
            if host not in (HOST, "localhost"):
                self.send_error(HTTPStatus.FORBIDDEN)
                return
            path = unquote(urlsplit(self.path).path)
            if path == EVENTS:
                self._stream()
                return
            page = _page(folder, path)
            if page is None:
                self.send_error(HTTPStatus.NOT_FOUND)
                return
            self.send_response(HTTPStatus.OK)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(page)))
            self.send_header("Cache-Control", "no-store")
            self.end_headers()
            self.wfile.write(page)

        def _stream(self) -> None:
            self.send_response(HTTPStatus.OK)
            self.send_header("Content-Type", "text/event-stream")
            self.send_header("Cache-Control", "no-store")
            self.end_headers()
            try:
                for event in changes.events():
                    self.wfile.write(event)
                    self.wfile.flush()
            except (BrokenPipeError, ConnectionResetError):
                return  # the browser has gone

        def log_message(self, format: str, *args: Any) -> None:
            """Requests are not reported: the terminal is for the DAGs."""

    return Handler


def _page(folder: Path, path: str) -> bytes | None:
    """A page of the folder with the lines that refresh it; None for anything else."""
    name = path.lstrip("/") or INDEX
    if "\0" in name:
        return None
    file = (folder / name).resolve()
    if file.suffix != ".html" or not file.is_relative_to(folder.resolve()) or not file.is_file():
        return None
    text = file.read_text(encoding="utf-8")
    text = text.replace("script-src ", f"connect-src 'self'; script-src 'sha256-{_HASH}' ", 1)
    head, end, rest = text.rpartition("</body>")
    return f"{head}<script>{_CODE}</script>{end}{rest}".encode()
