"""Runs that no pipeline here made: told of by webhooks, or asked for at the Airflow that has them."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from runtime.airflow_api import AirflowApi, UnreachableError
from runtime.upstreams import noted_state

if TYPE_CHECKING:
    from runtime.config.upstreams import UpstreamConfig

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class ElsewhereRun:
    """The state of a run, and of its tasks where they were asked for."""

    state: str | None
    tasks: Mapping[str, str | None] = field(default_factory=dict)


def run_elsewhere(dag_id: str, logical_date: datetime, *, tasks: bool) -> ElsewhereRun | None:
    """Give the run of a date: what a webhook told of it, else what its Airflow says.

    An Airflow that cannot be reached leaves the state unknown, so that the wait goes on.
    """
    noted = noted_state(dag_id, logical_date)
    if noted is not None:
        return ElsewhereRun(noted.state, dict(noted.tasks))
    config = upstream_config(dag_id)
    if config is None:
        return None
    try:
        return _asked(config, config.dag_id or dag_id, logical_date, tasks=tasks)
    except UnreachableError as error:
        logger.warning("The state of %s is not known: %s", dag_id, error)
        return None


def upstream_config(dag_id: str) -> UpstreamConfig | None:
    """Give where a DAG still runs, if the configuration says so."""
    from runtime.config import load_config

    return load_config().upstreams.get(dag_id)


def task_ids_elsewhere(dag_id: str) -> list[str] | None:
    """Give the tasks of a DAG at its Airflow; `None` where none is configured, or has the DAG."""
    config = upstream_config(dag_id)
    if config is None:
        return None
    with AirflowApi(config) as api:
        return api.task_ids(config.dag_id or dag_id)


def _asked(
    config: UpstreamConfig, dag_id: str, logical_date: datetime, *, tasks: bool
) -> ElsewhereRun | None:
    with AirflowApi(config) as api:
        run = api.run(dag_id, logical_date)
        if run is None:
            return None
        states = api.task_states(dag_id, run["dag_run_id"]) if tasks else {}
        return ElsewhereRun(run["state"], states)
