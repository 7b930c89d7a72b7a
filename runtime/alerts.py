"""Alerts about failed steps."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from runtime.callbacks import failure_context
from runtime.config import IncidentIoConfig, load_config
from runtime.context import running_dag_id
from runtime.exceptions import AlertError, ConfigError
from runtime.failed_callbacks import note_failed_callback

if TYPE_CHECKING:
    import httpx

logger = logging.getLogger(__name__)

_MAX_DESCRIPTION = 2000
_MAX_WAIT_SECONDS = 30.0
_RETRIED = frozenset({429, 500, 502, 503, 504})


def incident_io(exception: BaseException) -> None:
    """Fire an alert in incident.io; a ready `on_failure` hook (`"runtime.alerts.incident_io"`).

    An alert that cannot be sent is noted and raises nothing, so that the step's own failure stays
    what the run shows.
    """
    _try(lambda: _send(alert_event, failure_context(exception)))


def incident_io_run(context: Mapping[str, Any]) -> None:
    """Fire an alert about a failed run; a ready `DagRun(run, on_failure=…)`
    (`"runtime.alerts.incident_io_run"`).

    As with `incident_io`, an alert that cannot be sent is noted.
    """
    _try(lambda: _send(run_alert_event, context))


def _try(send: Callable[[], None]) -> None:
    import httpx

    try:
        send()
    except (AlertError, ConfigError, httpx.HTTPError, httpx.InvalidURL) as error:
        note_failed_callback("runtime.alerts.incident_io", running_dag_id(), error)


def _send(event: Callable[[Mapping[str, Any]], dict[str, Any]], context: Mapping[str, Any]) -> None:
    config = load_config(context["dag"].dag_id).alerts.incident_io
    if config is None:
        raise AlertError(
            "There is no `alerts.incident_io` in the configuration. Add it, or remove the hook."
        )
    send_alert(event(context), config)


def run_alert_event(context: Mapping[str, Any]) -> dict[str, Any]:
    """Make the alert event of a failed run, the same for each run of one logical date."""
    dag_id, logical_date = context["dag"].dag_id, context["logical_date"].isoformat()
    return {
        "title": f"{dag_id}: the run failed",
        "description": str(context["reason"])[:_MAX_DESCRIPTION],
        "deduplication_key": f"{dag_id}/{logical_date}",
        "status": "firing",
        "metadata": {
            "dag_id": dag_id,
            "run_id": context["run_id"],
            "logical_date": logical_date,
        },
    }


def alert_event(context: Mapping[str, Any]) -> dict[str, Any]:
    """Make the alert event of a failed task.

    The same pipeline, task and logical date make the same alert, however often they fail.
    Source: https://api-docs.incident.io/tag/Alert-Events-V2
    """
    ti, exception = context["ti"], context["exception"]
    logical_date = context["logical_date"].isoformat()
    return {
        "title": f"{ti.dag_id}: task {ti.task_id} failed",
        "description": f"{type(exception).__name__}: {exception}"[:_MAX_DESCRIPTION],
        "deduplication_key": f"{ti.dag_id}/{ti.task_id}/{logical_date}",
        "status": "firing",
        "metadata": {
            "dag_id": ti.dag_id,
            "task_id": ti.task_id,
            "run_id": context["run_id"],
            "logical_date": logical_date,
            "try_number": ti.try_number,
            "log_url": ti.log_url,
        },
    }


def send_alert(event: dict[str, Any], config: IncidentIoConfig) -> None:
    """Post an alert event; `AlertError` says what the service answered, never the token.

    Answers 429 and 5xx and broken connections are tried again, `max_attempts` times in all.
    """
    import httpx

    url = f"{config.url.rstrip('/')}/v2/alert_events/http/{config.source_config_id}"
    headers = {"Authorization": f"Bearer {config.token.get_secret_value()}"}
    with httpx.Client(timeout=config.timeout_seconds, headers=headers) as client:
        for attempt in range(1, config.max_attempts + 1):
            last = attempt == config.max_attempts
            try:
                response = client.post(url, json=event)
            except httpx.TransportError as error:
                if last:
                    raise AlertError(f"{url}: {type(error).__name__}: {error}") from error
                time.sleep(_wait_seconds(None, attempt))
                continue
            if response.is_success:
                return
            if last or response.status_code not in _RETRIED:
                raise AlertError(
                    f"{url} answered {response.status_code}: {_shown(response, config)} "
                    "Check `alerts.incident_io` in the configuration."
                )
            time.sleep(_wait_seconds(response, attempt))


def _wait_seconds(response: httpx.Response | None, attempt: int) -> float:
    """Wait as long as the service asks, else twice as long each time."""
    asked = response.headers.get("Retry-After", "") if response is not None else ""
    seconds = float(asked) if asked.isdigit() else 0.5 * 2 ** (attempt - 1)
    return min(seconds, _MAX_WAIT_SECONDS)


def _shown(response: httpx.Response, config: IncidentIoConfig) -> str:
    return response.text[:500].replace(config.token.get_secret_value(), "***")
