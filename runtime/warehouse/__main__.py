"""`python -m runtime.warehouse --port 0 --data DIR`: the embedded warehouse as a process."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from runtime.warehouse.server import WarehouseDataError, serve


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the server until SIGTERM or SIGINT; exit status 2 where it cannot start."""
    parser = argparse.ArgumentParser(prog="python -m runtime.warehouse", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="port on 127.0.0.1; 0 takes a free one")
    parser.add_argument(
        "--data", type=Path, help="folder of the databases; without it they live in memory"
    )
    parser.add_argument(
        "--images", type=json.loads, help="JSON: the local command of each image of a service"
    )
    parser.add_argument(
        "--until-stdin-closes",
        action="store_true",
        help="end when standard input ends, as after the parent's death",
    )
    options = parser.parse_args(arguments)
    try:
        serve(
            options.port,
            options.data,
            images=options.images,
            until_stdin_closes=options.until_stdin_closes,
        )
    except (WarehouseDataError, OSError) as error:
        print(f"embedded warehouse: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
