"""Peak memory of this process."""

from __future__ import annotations

import resource
import sys


def peak_megabytes() -> float:
    """Give the most memory that this process has held so far, in MB."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024 * 1024 if sys.platform == "darwin" else 1024)
