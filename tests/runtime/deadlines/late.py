"""A pipeline that is late, and whom it tells."""

from __future__ import annotations

import time
from typing import Any

from zenml import step

from runtime.airflow_names import Variable
from runtime.context import RunContext

TOLD: list[Any] = []
_LONGEST_WAIT_SECONDS = 120.0


def tell_sla(dag: Any, task_list: str, blocking: str, slas: list[Any], tis: list[Any]) -> None:
    """What Airflow calls for missed SLAs."""
    TOLD.append((dag.dag_id, task_list, blocking, slas, tis))


async def tell_late(text: str, context: dict[str, Any]) -> None:
    """What an `AsyncCallback` calls."""
    TOLD.append((text, Variable.get("team"), context))


def tell_plainly() -> None:
    """What takes no context."""
    TOLD.append("plainly")


def raises(*args: Any) -> None:
    """A callback that fails."""
    raise ValueError("a broken callback")


@step
def work(until_told: int) -> None:
    """Go on until so many were told."""
    deadline = time.monotonic() + _LONGEST_WAIT_SECONDS
    while len(TOLD) < until_told:
        assert time.monotonic() < deadline, "nobody was told"
        time.sleep(0.02)


def late(run: RunContext) -> None:
    """One task."""
    work(int(str(run.params["until_told"])), id="work")
