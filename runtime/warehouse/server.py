"""Runs the embedded warehouse in this process until it is told to stop."""

from __future__ import annotations

import fcntl
import signal
import socket
import sys
import threading
import warnings
from contextlib import closing, contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

HOST = "127.0.0.1"
"""The only address served: the warehouse checks no credentials."""


class WarehouseDataError(Exception):
    """The data folder cannot be used; the message says why and what to do."""


def serve(
    port: int,
    data: Path | None,
    *,
    images: Mapping[str, Sequence[str]] | None = None,
    until_stdin_closes: bool = False,
) -> None:
    """Serve on loopback; prints `ready HOST PORT` to standard output once requests are answered.

    `port` 0 takes a free one. `data` is the folder of the databases, None keeps them in memory.
    `images` has the local command that stands in for each image of a container service.
    """
    with _locked(data), closing(socket.create_server((HOST, port))) as listener:
        _run(listener, data, images or {}, until_stdin_closes)


def _run(
    listener: socket.socket,
    data: Path | None,
    images: Mapping[str, Sequence[str]],
    until_stdin_closes: bool,
) -> None:
    import uvicorn

    # DuckDB warns at every query about a setting that fakesnow makes.
    warnings.filterwarnings("ignore", category=UserWarning)
    import fakesnow.server as fakesnow_server
    from fakesnow.instance import FakeSnow

    from runtime.warehouse.app import WarehouseApp
    from runtime.warehouse.corrections import correct_null_timestamps, let_merge_join_transactions
    from runtime.warehouse.services.statements import Services

    correct_null_timestamps()
    let_merge_join_transactions()
    if data is not None:
        fakesnow_server.shared_fs = FakeSnow(db_path=data)
        _attach(fakesnow_server.shared_fs, data)
    services = Services(images, _seen_by_containers(*listener.getsockname()[:2]))
    config = uvicorn.Config(
        WarehouseApp(fakesnow_server, services), log_config=None, access_log=False, lifespan="off"
    )

    class AnnouncingServer(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            print("ready", *listener.getsockname()[:2], flush=True)

    server = AnnouncingServer(config)
    if until_stdin_closes:
        threading.Thread(
            target=_stop_at_end_of_input, args=(server, sys.stdin), daemon=True
        ).start()
    # uvicorn raises the signal that stopped it again; the databases must be closed first.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: None)
    server.run(sockets=[listener])
    services.close()
    fakesnow_server.shared_fs.duck_conn.close()


def _seen_by_containers(host: str, port: int) -> dict[str, str]:
    """What Snowflake sets in a container, and what the emulation needs beside it."""
    return {
        "SNOWFLAKE_HOST": host,
        "SNOWFLAKE_PORT": str(port),
        "SNOWFLAKE_PROTOCOL": "http",
        "SNOWFLAKE_ACCOUNT": "embedded",
    }


def _stop_at_end_of_input(server: object, source: IO[str]) -> None:
    while source.read(1):
        pass
    server.should_exit = True  # type: ignore[attr-defined]


def _attach(fakesnow: object, data: Path) -> None:
    """Open the databases of an earlier run, so that full table names work in any session."""
    for file in sorted(data.glob("*.db")):
        fakesnow.connect(file.stem).close()  # type: ignore[attr-defined]


@contextmanager
def _locked(data: Path | None) -> Iterator[None]:
    """Keep a second warehouse from the same folder; DuckDB would fail later and less clearly."""
    if data is None:
        yield
        return
    if "'" in str(data):
        raise WarehouseDataError(
            f"{data}: a quote in the folder's name is not supported. Rename it."
        )
    data.mkdir(parents=True, exist_ok=True)
    with (data / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise WarehouseDataError(
                f"{data}: another embedded warehouse uses this folder. "
                "Stop it, or choose another folder."
            ) from None
        yield
