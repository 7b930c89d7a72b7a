"""Which warehouse a script of the demonstration works on, from its command line."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from runtime.config import ConnectionConfig
from runtime.warehouse import Endpoint, embedded_warehouse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add `--endpoint` and `--data`, of which one must be given."""
    group = parser.add_mutually_exclusive_group(required=True)
    group.add_argument("--endpoint", type=parse, help="HOST:PORT of a running embedded warehouse")
    group.add_argument("--data", type=Path, help="folder to start an embedded warehouse over")


def parse(text: str) -> Endpoint:
    """Read `HOST:PORT`."""
    host, _, port = text.rpartition(":")
    if not host or not port.isdigit():
        raise argparse.ArgumentTypeError(f"{text!r} is not HOST:PORT, e.g. 127.0.0.1:4521")
    return Endpoint(host, int(port))


@contextmanager
def warehouse_connection(options: argparse.Namespace) -> Iterator[ConnectionConfig]:
    """Give the connection to the warehouse; one over `--data` runs while the block lasts."""
    if options.endpoint is not None:
        yield ConnectionConfig.model_validate(options.endpoint.connection())
    else:
        with embedded_warehouse(options.data) as endpoint:
            yield ConnectionConfig.model_validate(endpoint.connection())
