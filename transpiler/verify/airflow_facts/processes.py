"""A process for each file, so that none can harm another, nor this program, nor the machine."""

from __future__ import annotations

import json
import multiprocessing
import multiprocessing.connection
import resource
import sys
import time
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

MEMORY_LIMIT_BYTES = 4 * 1024**3
NETWORK_EVENTS = {"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"}
SEND_EVENTS = {"socket.connect", "socket.sendto", "socket.sendmsg"}
FORK = multiprocessing.get_context("fork")

Facts = dict[str, Any]
Load = Callable[[], Facts]
Inquiry = Generator[Load, Facts, Facts]
"""Asks for loads, one after the other, is sent what each found, and returns the last word."""


@dataclass
class _Running:
    """An inquiry that waits for the answer of its process."""

    number: int
    inquiry: Inquiry
    reader: Any
    process: Any
    began: float
    ends: float


def run(
    inquiries: Iterable[Inquiry], limit_seconds: float, jobs: int
) -> Iterator[tuple[int, Facts]]:
    """The number of each inquiry and what it returned, in the order in which they end.

    As many loads run at a time as `jobs` says, each ended after `limit_seconds`.
    """
    waiting = iter(enumerate(inquiries))
    running: list[_Running] = []
    while True:
        while len(running) < jobs and (entry := next(waiting, None)):
            running.append(_start(*entry, next(entry[1]), limit_seconds))
        if not running:
            return
        for item in _ended(running):
            running.remove(item)
            try:
                load = item.inquiry.send(_answer(item, limit_seconds))
            except StopIteration as stop:
                yield item.number, stop.value
            else:
                running.append(_start(item.number, item.inquiry, load, limit_seconds))


def _start(number: int, inquiry: Inquiry, load: Load, limit_seconds: float) -> _Running:
    reader, writer = FORK.Pipe(duplex=False)
    process = FORK.Process(target=_send, args=(writer, load))
    began = time.monotonic()
    process.start()
    writer.close()
    return _Running(number, inquiry, reader, process, began, began + limit_seconds)


def _ended(running: list[_Running]) -> list[_Running]:
    """Those that answered or died; where none did in time, those whose time is over."""
    next_end = min(item.ends for item in running)
    patience = max(0.0, next_end - time.monotonic())
    ready = multiprocessing.connection.wait([item.reader for item in running], patience)
    return [item for item in running if item.reader in ready] or [
        item for item in running if item.ends <= time.monotonic()
    ]


def _answer(item: _Running, limit_seconds: float) -> Facts:
    facts: Facts = {"traceback": None, "dags": []}
    try:
        if item.reader.poll():
            facts = json.loads(item.reader.recv_bytes())
        else:
            facts["error"] = f"Loading the file took over {limit_seconds:g} s"
    except EOFError:
        facts["error"] = "The process that loaded the file died"
    item.process.kill()
    item.process.join()
    item.reader.close()
    return {**facts, "seconds": round(time.monotonic() - item.began, 3)}


def _send(writer: Any, load: Load) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT_BYTES, MEMORY_LIMIT_BYTES))
    sys.addaudithook(_refuse_network)
    try:
        answer = json.dumps(load())
    except Exception as error:  # not the file's own, which `load` reports
        facts: Facts = {"error": f"{type(error).__name__}: {error}", "traceback": None, "dags": []}
        answer = json.dumps(facts)
    writer.send_bytes(answer.encode())


def _refuse_network(event: str, arguments: tuple[Any, ...]) -> None:
    """Audit hook: a DAG file must load without network. Addresses of Unix sockets are no tuples."""
    if event in NETWORK_EVENTS or (event in SEND_EVENTS and isinstance(arguments[-1], tuple)):
        raise PermissionError(f"{event} refused: DAG files are loaded without network")
