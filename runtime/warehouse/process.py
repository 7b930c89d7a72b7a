"""Starts the embedded warehouse as a process of its own and stops it."""

from __future__ import annotations

import json
import selectors
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

START_TIMEOUT_SECONDS = 120.0
"""Importing DuckDB, fakesnow and the connector takes 5 s on a quiet machine."""
STOP_TIMEOUT_SECONDS = 15.0


class WarehouseStartError(Exception):
    """The embedded warehouse did not start; the message holds its own error output."""


@dataclass(frozen=True)
class Endpoint:
    """Where an embedded warehouse listens."""

    host: str
    port: int

    def connection(self, database: str = "ANALYTICS", schema: str = "RAW") -> dict[str, str | int]:
        """The settings of a Snowflake connection to it, as they stand in a configuration file."""
        return {
            "type": "snowflake",
            "account": "embedded",
            "user": "embedded",
            "password": "embedded",
            "host": self.host,
            "port": self.port,
            "protocol": "http",
            "database": database,
            "schema": schema,
        }


@contextmanager
def embedded_warehouse(
    data: Path | None, *, port: int = 0, images: Mapping[str, Sequence[str]] | None = None
) -> Iterator[Endpoint]:
    """Run an embedded warehouse over the folder `data` (None: in memory) while the block lasts.

    `images` has the local command that stands in for each image of a container service.
    The process also ends when this one dies. Raises `WarehouseStartError`.
    """
    command = [
        sys.executable,
        "-m",
        "runtime.warehouse",
        "--port",
        str(port),
        "--until-stdin-closes",
    ]
    if data is not None:
        command += ["--data", str(data.resolve())]
    if images:
        command += ["--images", json.dumps({name: list(words) for name, words in images.items()})]
    with tempfile.TemporaryFile("w+") as errors:
        process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            cwd=Path(__file__).resolve().parents[2],
        )
        try:
            yield _wait_until_ready(process, errors)
        finally:
            _stop(process)


def _wait_until_ready(process: subprocess.Popen[str], errors: IO[str]) -> Endpoint:
    assert process.stdout is not None
    line = _first_line(process.stdout, time.monotonic() + START_TIMEOUT_SECONDS)
    words = line.split()
    if len(words) == 3 and words[0] == "ready":
        return Endpoint(words[1], int(words[2]))
    _stop(process)
    errors.seek(0)
    raise WarehouseStartError(
        f"the embedded warehouse did not start (exit status {process.returncode}): "
        f"{errors.read()[-2000:].strip()}"
    )


def _first_line(stream: IO[str], deadline: float) -> str:
    with selectors.DefaultSelector() as selector:
        selector.register(stream, selectors.EVENT_READ)
        if selector.select(max(0.0, deadline - time.monotonic())):
            return stream.readline()
    return ""


def _stop(process: subprocess.Popen[str]) -> None:
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(STOP_TIMEOUT_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            stream.close()
