"""Contacts from the CRM's API."""
from __future__ import annotations

import json

import pendulum
from airflow.decorators import dag, task
from airflow.models import Variable
from airflow.providers.http.hooks.http import HttpHook
from airflow.providers.snowflake.hooks.snowflake import SnowflakeHook

from common.defaults import DEFAULT_ARGS, SNOWFLAKE


@dag(
    schedule="*/30 6-20 * * 1-5",
    start_date=pendulum.datetime(2023, 4, 1, tz="Europe/Brussels"),
    catchup=False,
    default_args=DEFAULT_ARGS,
    tags=["ingest", "crm"],
    doc_md=__doc__,
)
def crm_contacts_sync():
    @task
    def pages() -> list[int]:
        """How many pages the API has today."""
        hook = HttpHook(method="GET", http_conn_id="crm_api")
        total = json.loads(hook.run("/v2/contacts/count").text)["total"]
        size = int(Variable.get("crm_page_size", default_var="500"))
        return list(range(1, total // size + 2))

    @task(retries=5, retry_delay=pendulum.duration(minutes=1))
    def fetch(page: int) -> list[dict]:
        hook = HttpHook(method="GET", http_conn_id="crm_api")
        return json.loads(hook.run(f"/v2/contacts?page={page}").text)["contacts"]

    @task
    def load(contacts: list[list[dict]]) -> int:
        rows = [(c["id"], c["email"], c["country"]) for part in contacts for c in part]
        hook = SnowflakeHook(snowflake_conn_id=SNOWFLAKE)
        hook.insert_rows("raw.crm_contacts", rows, target_fields=["id", "email", "country"])
        return len(rows)

    @task.short_circuit
    def anything_new(number: int) -> bool:
        return number > 0

    @task
    def refresh_segments():
        SnowflakeHook(snowflake_conn_id=SNOWFLAKE).run("call core.refresh_segments()")

    anything_new(load(fetch.expand(page=pages()))) >> refresh_segments()


crm_contacts_sync()
