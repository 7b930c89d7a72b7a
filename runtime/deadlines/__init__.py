"""Airflow's SLAs (2.x) and deadline alerts (3.x): somebody is told when work is not done in time.

A pipeline says them in its `extra`; `runtime.launch` watches the run that it starts, and
`dag2zen listen` watches SLAs of runs that never started.
"""

from __future__ import annotations

from runtime.deadlines.specs import Deadline, Sla, deadlines_of, sla_of
from runtime.deadlines.watch import watched

__all__ = ["Deadline", "Sla", "deadlines_of", "sla_of", "watched"]
