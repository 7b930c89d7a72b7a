"""Airflow's task states, as far as a run of this scheduler meets them.

Source: `airflow.utils.state`.
"""

from __future__ import annotations

SUCCESS = "success"
FAILED = "failed"
UPSTREAM_FAILED = "upstream_failed"
SKIPPED = "skipped"
REMOVED = "removed"
SCHEDULED = "scheduled"  # Its dependencies are met; it waits for a free slot.
RUNNING = "running"

FINISHED = frozenset({SUCCESS, FAILED, UPSTREAM_FAILED, SKIPPED, REMOVED})
FAILURES = frozenset({FAILED, UPSTREAM_FAILED})
