"""Who is told when something fails."""
import logging

import requests
from airflow.hooks.base import BaseHook

log = logging.getLogger(__name__)


def tell_slack(context):
    """A line in #data-alerts."""
    ti = context["task_instance"]
    hook = BaseHook.get_connection("slack_alerts")
    text = f":red_circle: {ti.dag_id}.{ti.task_id} failed for {context['ds']}"
    requests.post(hook.host, json={"text": text}, timeout=10)


def page_on_call(context):
    """Somebody gets up at night."""
    log.error("paging for %s", context["task_instance"].task_id)
    hook = BaseHook.get_connection("pagerduty")
    requests.post(
        "https://events.example.com/v2/enqueue",
        json={"routing_key": hook.password, "event_action": "trigger"},
        timeout=10,
    )
