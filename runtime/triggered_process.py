"""Start `python -m runtime.triggered`, which runs one date of a pipeline."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import IO


def start_triggered(
    output: IO[bytes], *, cwd: Path | None = None, detached: bool = False
) -> subprocess.Popen[bytes]:
    """Start the process; it waits for its order on its input, and prints to `output`.

    It finds the modules that this one does. `detached`, it outlives this process's session.
    """
    return subprocess.Popen(
        [sys.executable, "-m", "runtime.triggered"],
        stdin=subprocess.PIPE,
        stdout=output,
        stderr=subprocess.STDOUT,
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        start_new_session=detached,
    )
