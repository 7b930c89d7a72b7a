"""A model server in a process of its own that adds the columns of a row. Run as a program:

PORT, the protocols it speaks (`v1,v2`), and what it does: `serve`, `fail` at once, or never be ready.
"""

from __future__ import annotations

import os
import sys
import time
from http.server import ThreadingHTTPServer

from tests.runtime.platforms.fake_kserve import FakeModels, ModelsHandler


def main() -> None:
    """Serve until the process is ended."""
    port, protocols, behaviour = sys.argv[1:]
    print(f"adding for {os.environ.get('WHO', 'nobody')}", flush=True)
    if behaviour == "fail":
        sys.exit("cannot load the model")
    if behaviour == "sleep":
        time.sleep(600)
    models = FakeModels()
    models.protocols = set(protocols.split(","))
    handler = type("Models", (ModelsHandler,), {"models": models})
    # In a container, loopback would be its own.
    address = os.environ.get("BIND", "127.0.0.1"), int(port)
    ThreadingHTTPServer(address, handler).serve_forever()


if __name__ == "__main__":
    main()
