"""Large results in chunks that the client downloads by address, as Snowflake's lie in cloud storage.

The first rows are in the answer to the query. The others are `data.chunks`, each with an address
that holds for as long as the session: the connector fetches a few ahead, so that its memory and
its time to the first row do not depend on the number of rows.
"""

from __future__ import annotations

import asyncio
import json
import secrets
from collections import OrderedDict
from collections.abc import Callable
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from runtime.warehouse.asgi import Reply, Scope, Send

if TYPE_CHECKING:
    from types import ModuleType

    import pyarrow as pa

PATH = "/results/"
INLINE_ROWS = 10_000
"""Rows that the answer itself holds."""
CHUNK_ROWS = 65_536
KEPT_QUERIES = 50
"""Finished queries whose results can be asked for again by their id."""

_rest: ContextVar[list[pa.Table] | None] = ContextVar("rest", default=None)


class LastResults(OrderedDict[str, Any]):
    """Keeps the results of the last queries only; fakesnow by itself keeps all of them."""

    def __setitem__(self, query: str, result: Any) -> None:
        """Keep a result, and forget the oldest."""
        super().__setitem__(query, result)
        while len(self) > KEPT_QUERIES:
            self.popitem(last=False)


class Results:
    """The chunks of large results, by session."""

    def __init__(self, server: ModuleType) -> None:
        """`server` is the module `fakesnow.server`, which is made to answer with the first rows."""
        self._encode: Callable[[pa.Table], Any] = server.to_ipc
        self._kept: dict[str, dict[str, pa.Table]] = {}
        server.to_ipc = self._first_rows  # type: ignore[attr-defined]
        server.shared_fs.results_cache = LastResults()

    def _first_rows(self, table: pa.Table) -> Any:
        rest = _rest.get()
        if rest is None or table.num_rows <= INLINE_ROWS:
            return self._encode(table)
        rest.append(table.slice(INLINE_ROWS))
        return self._encode(table.slice(0, INLINE_ROWS))

    def begin(self) -> list[pa.Table]:
        """Collect, for the request under way, the rows that do not go into its answer."""
        rest: list[pa.Table] = []
        _rest.set(rest)
        return rest

    def chunked(self, reply: Reply, rest: list[pa.Table], scope: Scope, session: str) -> Reply:
        """Name the chunks of the rest in the answer."""
        if not rest:
            return reply
        (table,) = rest
        name = secrets.token_urlsafe(16)
        self._kept.setdefault(session, {})[name] = table
        host = dict(scope["headers"])[b"host"].decode("latin-1")
        answer = json.loads(reply.body)
        answer["data"]["chunks"] = [
            {
                "url": f"http://{host}{PATH}{name}/{start}",
                "rowCount": rows,
                "uncompressedSize": table.slice(start, rows).nbytes,
                "compressedSize": table.slice(start, rows).nbytes,
            }
            for start in range(0, table.num_rows, CHUNK_ROWS)
            for rows in (min(CHUNK_ROWS, table.num_rows - start),)
        ]
        return Reply(reply.status, reply.headers, json.dumps(answer).encode())

    def forget(self, session: str) -> None:
        """Drop the results of a session that has ended."""
        self._kept.pop(session, None)

    async def send(self, path: str, send: Send) -> None:
        """Answer the request for a chunk."""
        name, _, start = path.removeprefix(PATH).partition("/")
        table = next((kept[name] for kept in self._kept.values() if name in kept), None)
        if table is None or not start.isdecimal():
            await Reply(404, [], b"There is no such result.").send(send)
            return
        chunk = table.slice(int(start), CHUNK_ROWS)
        body = bytes(await asyncio.to_thread(self._encode, chunk))
        await Reply(200, [(b"content-type", b"application/octet-stream")], body).send(send)
