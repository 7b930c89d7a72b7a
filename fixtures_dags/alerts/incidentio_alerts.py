"""Failure alerts for the data science DAGs, sent to incident.io.

Use ``create_alert`` as ``on_failure_callback`` in ``default_args``. It posts one event to the
HTTP alert source of the team; incident.io groups events by ``deduplication_key``, so a task that
fails again for the same date does not page twice.
"""
import logging
import os

import requests
from airflow.models import Variable

log = logging.getLogger(__name__)

API_URL = os.environ.get("INCIDENTIO_API_URL", "https://api.incident.io")
# the id of the "Airflow data science" alert source, not a secret
DEFAULT_SOURCE_CONFIG_ID = "01HQ7Z8V5J3M9DATASCIENCE00"
TIMEOUT_SECONDS = 10


def _token():
    """Bearer token: environment first (local runs), then the Airflow Variable."""
    token = os.environ.get("INCIDENTIO_ALERT_TOKEN")
    if token:
        return token
    return Variable.get("incidentio_alert_token")


def _source_config_id():
    return Variable.get("incidentio_source_config_id", default_var=DEFAULT_SOURCE_CONFIG_ID)


def build_alert(context):
    """Body of the alert event, see https://api-docs.incident.io/tag/Alert-Events-V2."""
    task_instance = context["task_instance"]
    dag_id = task_instance.dag_id
    task_id = task_instance.task_id
    exception = context.get("exception")

    return {
        "title": f"{dag_id}.{task_id} failed for {context['ds']}",
        "description": f"{type(exception).__name__}: {exception}" if exception else "No exception",
        "deduplication_key": f"{dag_id}/{task_id}/{context['ds']}",
        "status": "firing",
        "source_url": task_instance.log_url,
        "metadata": {
            "dag_id": dag_id,
            "task_id": task_id,
            "run_id": context["run_id"],
            "try_number": task_instance.try_number,
            "owner": context["task"].owner,
        },
    }


def create_alert(context):
    """on_failure_callback: post the alert. A failing alert must not hide the task's failure."""
    alert = build_alert(context)
    url = f"{API_URL}/v2/alert_events/http/{_source_config_id()}"
    try:
        response = requests.post(
            url,
            json=alert,
            headers={"Authorization": f"Bearer {_token()}"},
            timeout=TIMEOUT_SECONDS,
        )
        response.raise_for_status()
    except requests.RequestException:
        log.exception("incident.io alert %s could not be sent", alert["deduplication_key"])
