"""Requests read and answers held back, so that both can be replaced between client and server.

https://asgi.readthedocs.io/en/latest/specs/www.html
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass, field
from typing import Any

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Scope = MutableMapping[str, Any]


@dataclass
class Reply:
    """An application's answer, held back so that it can be replaced."""

    status: int = 500
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    body: bytes = b""

    async def collect(self, message: Message) -> None:
        """Take the place of `send` for the application."""
        if message["type"] == "http.response.start":
            self.status, self.headers = message["status"], list(message.get("headers", []))
        elif message["type"] == "http.response.body":
            self.body += message.get("body", b"")

    async def send(self, send: Send) -> None:
        """Give the answer to the client."""
        headers = [(key, value) for key, value in self.headers if key.lower() != b"content-length"]
        headers.append((b"content-length", str(len(self.body)).encode()))
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        await send({"type": "http.response.body", "body": self.body})


def json_reply(document: dict[str, Any]) -> Reply:
    """A Snowflake answer; errors too have HTTP status 200."""
    return Reply(200, [(b"content-type", b"application/json")], json.dumps(document).encode())


async def read_body(receive: Receive) -> bytes:
    """The whole body of a request."""
    body = bytearray()
    while True:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body", False):
            return bytes(body)


def replay(body: bytes, receive: Receive) -> Receive:
    """A `receive` that gives the body once and then what the client sends (its disconnect)."""
    pending = [body]

    async def replayed() -> Message:
        if pending:
            return {"type": "http.request", "body": pending.pop(), "more_body": False}
        return await receive()

    return replayed
