"""Airflow's waits before a retry, where ZenML's own cannot be as long or as short."""

from __future__ import annotations

import hashlib
import logging
import math

from runtime.polling import sleep

logger = logging.getLogger(__name__)

DAY_SECONDS = 86400.0
"""Airflow's own limit (`[core] max_task_retry_delay`)."""


def wait_before_retry(
    delay_seconds: float, max_delay_seconds: float = DAY_SECONDS, factor: float = 2
) -> None:
    """Wait before any attempt but the first as Airflow waits with `retry_exponential_backoff`.

    For ZenML's `on_start` hook, which runs before every attempt; ZenML's own delay is then 0.
    """
    from zenml import get_step_context

    from runtime.context import current_run

    context = get_step_context()
    failed = context.step_run.version - 1
    if failed < 1:
        return
    run = current_run()
    # Airflow writes a date into the hash as Python does, with a blank.
    seed = f"{run.dag_id}#{context.step_run.name}#{run.logical_date}"
    seconds = retry_delay(delay_seconds, failed, seed, max_delay_seconds, factor)
    logger.info("Attempt %d begins in %g s.", failed + 1, seconds)
    sleep(seconds)


def retry_delay(
    delay_seconds: float,
    failed: int,
    seed: str,
    max_delay_seconds: float = DAY_SECONDS,
    factor: float = 2,
) -> float:
    """Give the wait in seconds after so many failed attempts: the delay times a power of the
    factor, up to doubled by a hash, and at most the limits.

    Source: `TaskInstance.next_retry_datetime` in airflow/models/taskinstance.py.
    """
    try:
        shortest = max(math.ceil(delay_seconds * factor ** (failed - 1)), 1)
    except OverflowError:
        return min(DAY_SECONDS, max_delay_seconds)
    digest = int(hashlib.sha1(f"{seed}#{failed}".encode(), usedforsecurity=False).hexdigest(), 16)
    return min(shortest + digest % shortest, DAY_SECONDS, max_delay_seconds)
