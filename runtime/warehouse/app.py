"""The ASGI application around fakesnow's server, which makes it answer as Snowflake would.

fakesnow answers what it cannot do with HTTP 500, which the connector takes for an outage and
retries for minutes. Here such a statement fails at once, as an SQL error that names the cause.
"""

from __future__ import annotations

import asyncio
import gzip
import json
import logging
import time
from collections import OrderedDict
from contextvars import ContextVar
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from runtime.warehouse.asgi import Receive, Reply, Scope, Send, json_reply, read_body, replay
from runtime.warehouse.query_tags import QueryTags
from runtime.warehouse.results import PATH as RESULTS_PREFIX
from runtime.warehouse.results import Results
from runtime.warehouse.rewrites import rewrite
from runtime.warehouse.services.errors import StatementError
from runtime.warehouse.session import FakesnowSession, FullName

if TYPE_CHECKING:
    from types import ModuleType

    from runtime.warehouse.services.statements import Services

QUERY_PATH = "/queries/v1/query-request"
LOGIN_PATH = "/session/v1/login-request"
SESSION_PATH = "/session"
ABORT_PATH = "/queries/v1/abort-request"
TELEMETRY_PREFIX = "/telemetry"

SESSION_SECONDS = 7 * 24 * 3600
"""How long a token is said to be good; the connector renews older ones."""

NOT_SUPPORTED = (2, "0A000")
"""Snowflake's error number and SQLSTATE for an unsupported feature."""
LOCK_CONFLICT = (625, "57014")
"""Snowflake's error number and SQLSTATE for a statement given up because of another one's lock."""
CANCELED = (604, "57014")
"""Snowflake's error number and SQLSTATE for a statement that its client canceled."""

IDLE_TRANSACTION_SECONDS = 5.0
"""After this silence of a session, its open transaction no longer blocks others. Snowflake waits
five minutes: https://docs.snowflake.com/en/sql-reference/transactions
"""

KEPT_ANSWERS = 200
"""A client that lost the answer to a statement asks again by the same id, see `_repetition`."""

_causes: ContextVar[list[BaseException] | None] = ContextVar("causes", default=None)


class CauseRecorder(logging.Handler):
    """Keeps the exception behind a failed request, which fakesnow logs but does not answer."""

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the record's exception, where a request is under way."""
        causes = _causes.get()
        if causes is not None and record.exc_info and record.exc_info[1] is not None:
            causes.append(record.exc_info[1])


def failure(causes: list[BaseException]) -> Reply:
    """The answer to a request that fakesnow could not serve, by its last recorded cause."""
    cause = causes[-1] if causes else None
    if isinstance(cause, StatementError):
        return _error(str(cause), cause.errno, cause.sqlstate)
    if type(cause).__name__ == "InterruptException":  # DuckDB's
        return _error("SQL execution canceled", *CANCELED)
    text = f"{type(cause).__name__}: {cause}" if cause else "unknown cause"
    conflict = "conflict on" in text.lower()
    errno, sqlstate = LOCK_CONFLICT if conflict else NOT_SUPPORTED
    prefix = (
        "Statement aborted by a lock conflict"
        if conflict
        else "Not supported by the embedded warehouse"
    )
    return _error(f"{prefix}: {text}", errno, sqlstate)


def _error(message: str, errno: int, sqlstate: str) -> Reply:
    code = f"{errno:06d}"
    return json_reply(
        {
            "data": {"errorCode": code, "sqlState": sqlstate},
            "code": code,
            "message": message,
            "success": False,
        }
    )


def with_master_token(login: Reply) -> Reply:
    """Complete the answer to a login: without a master token, no client ends its session."""
    answer = json.loads(login.body)
    data = answer.get("data") or {}
    if "token" not in data:
        return login
    defaults = {
        "masterToken": f"master-{data['token']}",
        "validityInSeconds": SESSION_SECONDS,
        "masterValidityInSeconds": SESSION_SECONDS,
    }
    return json_reply({**answer, "data": {**defaults, **data}})


def _plain(scope: Scope, body: bytes) -> bytes:
    compressed = dict(scope["headers"]).get(b"content-encoding") == b"gzip"
    return gzip.decompress(body) if compressed else body


def _repetition(scope: Scope) -> tuple[bytes, str] | None:
    """What identifies a statement: Snowflake runs one that comes again by its id only once."""
    if scope["path"] != QUERY_PATH:
        return None
    (request,) = parse_qs(scope["query_string"].decode("latin-1")).get("requestId", [""])
    token = dict(scope["headers"]).get(b"authorization", b"")
    return (token, request) if request else None


class WarehouseApp:
    """fakesnow's application with statement rewrites, immediate failures and telemetry."""

    def __init__(self, server: ModuleType, services: Services) -> None:
        """`server` is the module `fakesnow.server`, which keeps the sessions."""
        self._server = server
        self._services = services
        self._temporary: dict[str, set[FullName]] = {}
        self._last_seen: dict[str, float] = {}
        self._results = Results(server)
        self._query_tags = QueryTags()
        self._repeated: OrderedDict[tuple[bytes, str], asyncio.Future[Reply]] = OrderedDict()
        server.logger.addHandler(CauseRecorder())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        path = scope.get("path", "")
        if path.startswith(TELEMETRY_PREFIX):
            await json_reply({"success": True, "data": "Log Received"}).send(send)
        elif path.startswith(RESULTS_PREFIX):
            await self._results.send(path, send)
        elif path in (QUERY_PATH, LOGIN_PATH):
            await self._intercept(scope, receive, send)
        else:
            if path == SESSION_PATH and b"delete=true" in scope["query_string"]:
                await self._end_session(scope)
            if path == ABORT_PATH and (session := self._session(scope)) is not None:
                session.interrupt()
            await self._server.app(scope, receive, send)

    async def _intercept(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = await read_body(receive)
        answered = self._repeated.get(key) if (key := _repetition(scope)) else None
        if answered is None:
            answered = asyncio.ensure_future(self._answer(scope, body, receive))
            if key:
                self._repeated[key] = answered
                while len(self._repeated) > KEPT_ANSWERS:
                    self._repeated.popitem(last=False)
        # A client that is gone does not stop its statement.
        await (await asyncio.shield(answered)).send(send)

    async def _answer(self, scope: Scope, body: bytes, receive: Receive) -> Reply:
        causes: list[BaseException] = []
        token = _causes.set(causes)
        rest = self._results.begin()
        reply = Reply()
        try:
            if scope["path"] == QUERY_PATH:
                scope, body = await self._rewrite(scope, body)
            await self._server.app(scope, replay(body, receive), reply.collect)
        except Exception as error:  # Starlette raises again what it has answered with status 500.
            causes.append(error)
        finally:
            _causes.reset(token)
        if reply.status >= 500:
            reply = failure(causes)
            await asyncio.to_thread(self._end_idle_transactions)
        elif scope["path"] == LOGIN_PATH:
            reply = with_master_token(reply)
            self._query_tags.begin(_plain(scope, body), reply)
        elif rest and (session := self._session(scope)) is not None:
            reply = await asyncio.to_thread(
                self._results.chunked, reply, rest, scope, session.token
            )
        return reply

    async def _rewrite(self, scope: Scope, body: bytes) -> tuple[Scope, bytes]:
        session = self._session(scope)
        if session is None:
            return scope, body
        self._last_seen[session.token] = time.monotonic()
        request = json.loads(_plain(scope, body))
        headers = dict(scope["headers"])
        headers.pop(b"content-encoding", None)
        request["sqlText"] = await asyncio.to_thread(self._replaced, request["sqlText"], session)
        changed = json.dumps(request).encode()
        headers[b"content-length"] = str(len(changed)).encode()
        return {**scope, "headers": list(headers.items())}, changed

    def _replaced(self, sql: str, session: FakesnowSession) -> str:
        about_tag = self._query_tags.answer(sql, session.token)
        if about_tag is not None:
            return about_tag
        about_services = self._services.answer(sql, session.database, session.schema)
        return rewrite(sql, session) if about_services is None else about_services

    async def _end_session(self, scope: Scope) -> None:
        session = self._session(scope)
        if session is not None:
            await asyncio.to_thread(session.end)
            self._temporary.pop(session.token, None)
            self._last_seen.pop(session.token, None)
            self._results.forget(session.token)
            self._query_tags.forget(session.token)

    def _end_idle_transactions(self) -> None:
        """Roll back what clients have left open that are silent, perhaps dead."""
        now = time.monotonic()
        for token, seen in list(self._last_seen.items()):
            connection = self._server.sessions.get(token)
            if connection is not None and now - seen > IDLE_TRANSACTION_SECONDS:
                connection.rollback()

    def _session(self, scope: Scope) -> FakesnowSession | None:
        authorization = dict(scope["headers"]).get(b"authorization", b"").decode("latin-1")
        token = authorization.removeprefix('Snowflake Token="').removesuffix('"')
        connection = self._server.sessions.get(token)
        if connection is None:
            return None
        return FakesnowSession(token, connection, self._temporary.setdefault(token, set()))
