"""Airflow's EmptyOperator as a step."""

from __future__ import annotations

from zenml import step


@step(enable_cache=False)
def do_nothing() -> None:
    """Stand for a point that other steps meet at."""
