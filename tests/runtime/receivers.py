"""Small servers on the loopback interface that keep what they are sent."""

from __future__ import annotations

import json
import socketserver
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class HttpReceiver:
    """Requests that came, and the answers still to give (the last one is given for ever)."""

    answers: list[tuple[int, dict[str, str]]]
    requests: list[dict[str, Any]] = field(default_factory=list)
    url: str = ""


@contextmanager
def http_receiver(
    answers: Sequence[tuple[int, dict[str, str]]] = ((202, {}),),
) -> Iterator[HttpReceiver]:
    """An HTTP server that answers posts with the given statuses and headers, in order."""
    receiver = HttpReceiver(list(answers))

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            sent = {"path": self.path, "token": self.headers["Authorization"]}
            receiver.requests.append({**sent, "body": json.loads(body)})
            more = len(receiver.answers) > 1
            status, headers = receiver.answers.pop(0) if more else receiver.answers[0]
            answer = f"answer to {self.headers['Authorization']}".encode()
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(answer))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, format: str, *args: object) -> None:
            """Stay silent."""

    with _serving(ThreadingHTTPServer(("127.0.0.1", 0), Handler)) as port:
        receiver.url = f"http://127.0.0.1:{port}"
        yield receiver


@dataclass
class SmtpReceiver:
    """Messages that came, as `(sender, recipients, text)`."""

    port: int = 0
    messages: list[tuple[str, list[str], str]] = field(default_factory=list)


@contextmanager
def smtp_receiver(refuse: str = "") -> Iterator[SmtpReceiver]:
    """A mail server without TLS; `refuse` is the recipient that it does not take."""
    receiver = SmtpReceiver()

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            sender, recipients = "", list[str]()
            self.answer("220 ready")
            while line := self.rfile.readline().decode().strip():
                verb = line.split(":")[0].split()[0].upper()
                if verb == "MAIL":
                    sender = line.split(":", 1)[1].split()[0].strip("<>")
                elif verb == "RCPT":
                    recipient = line.split(":", 1)[1].strip("<>")
                    if recipient == refuse:
                        self.answer("550 no such user")
                        continue
                    recipients.append(recipient)
                elif verb == "DATA":
                    self.answer("354 go on")
                    receiver.messages.append((sender, recipients, self.read_message()))
                elif verb == "QUIT":
                    self.answer("221 bye")
                    return
                self.answer("250 ok")

        def read_message(self) -> str:
            lines: list[bytes] = []
            while (line := self.rfile.readline()) != b".\r\n":
                lines.append(line)
            return b"".join(lines).decode()

        def answer(self, text: str) -> None:
            self.wfile.write(f"{text}\r\n".encode())

    with _serving(socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)) as port:
        receiver.port = port
        yield receiver


@contextmanager
def _serving(server: socketserver.TCPServer) -> Iterator[int]:
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
