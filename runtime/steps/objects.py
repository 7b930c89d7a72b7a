"""Airflow's S3KeySensor as a step."""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterator
from fnmatch import fnmatch
from typing import Any

from zenml import step

from runtime.config import load_config
from runtime.connections import get_connection
from runtime.context import current_run, task_id
from runtime.dagrun.outcome import airflow_task
from runtime.exceptions import ConfigError
from runtime.functions import call_with_context, load_function
from runtime.polling import WEEK_SECONDS, Polling, poll
from runtime.templates import render

_URL = re.compile(r"s3[an]?://([^/]+)/(.+)", re.DOTALL)
_CLIENT_EXTRAS = ("region_name", "endpoint_url", "aws_session_token", "verify")


@step(enable_cache=False)
@airflow_task(typed=True)
def wait_for_s3_key(
    bucket_key: str | list[str],
    bucket_name: str | None = None,
    wildcard_match: bool = False,
    use_regex: bool = False,
    check: str | None = None,
    connection: str | None = "aws_default",
    poke_interval_seconds: float = 60,
    timeout_seconds: float = WEEK_SECONDS,
    soft_fail: bool = False,
    polling: Polling | None = None,
) -> None:
    """Wait for objects in S3: each key of `bucket_key`, by name, wildcard or regular expression.

    Keys and bucket are templates; a key may be a whole `s3://` URL. `check` is the dotted path of a
    function that decides on the list of objects (`Key`, `Size`, …) of a key. The connection holds
    key and secret, and as extras `region_name` and `endpoint_url`; where it is not configured,
    boto3 finds credentials by itself.

    Source: https://airflow.apache.org/docs/apache-airflow-providers-amazon/stable/operators/s3/s3.html
    """
    keys, bucket = render((bucket_key, bucket_name), current_run(), task_id())
    client = _client(connection)
    passes = load_function(check) if check else None

    def is_there(key: str) -> bool:
        where, name = _bucket_and_key(bucket, key)
        found = _objects(client, where, name, wildcard_match, use_regex)
        if not found:
            return False
        return True if passes is None else bool(call_with_context(passes, found))

    poll(
        lambda: all(is_there(key) for key in ([keys] if isinstance(keys, str) else keys)),
        poke_interval_seconds=poke_interval_seconds,
        timeout_seconds=timeout_seconds,
        soft_fail=soft_fail,
        polling=polling,
    )


def _client(connection: str | None) -> Any:
    try:
        boto3 = importlib.import_module("boto3")
    except ModuleNotFoundError as error:
        raise ConfigError("Waiting for S3 needs boto3. Install it: pip install boto3") from error
    dag_id = current_run().dag_id
    if connection is None or connection not in load_config(dag_id).connections:
        return boto3.client("s3")
    access = get_connection(connection, dag_id=dag_id)
    extras = access.extra_dejson
    if "role_arn" in extras:
        raise ConfigError(
            f"The connection {connection!r} takes a role ({extras['role_arn']}), which this step "
            "does not do. Give the process the role, and leave the connection out."
        )
    return boto3.client(
        "s3",
        aws_access_key_id=access.login,
        aws_secret_access_key=access.password,
        **{name: extras[name] for name in _CLIENT_EXTRAS if name in extras},
    )


def _bucket_and_key(bucket: str | None, key: str) -> tuple[str, str]:
    url = _URL.fullmatch(key)
    if url is None and bucket is None:
        raise ValueError(f"The key {key!r} is no s3:// URL, so it needs a bucket_name.")
    if url is not None and bucket is not None:
        raise ValueError(f"The key {key!r} is a whole URL, so bucket_name must not be given.")
    return (url[1], url[2]) if url is not None else (str(bucket), key)


def _objects(
    client: Any, bucket: str, key: str, wildcard: bool, regex: bool
) -> list[dict[str, Any]]:
    if wildcard:
        prefix = re.split(r"[\[*?]", key, maxsplit=1)[0]
        return [one for one in _listed(client, bucket, prefix) if fnmatch(one["Key"], key)]
    if regex:
        return [one for one in _listed(client, bucket, "") if re.match(key, one["Key"])]
    try:
        head = client.head_object(Bucket=bucket, Key=key)
    except client.exceptions.ClientError as error:
        if error.response["ResponseMetadata"]["HTTPStatusCode"] == 404:
            return []
        raise
    return [{"Key": key, "Size": head["ContentLength"], **head}]


def _listed(client: Any, bucket: str, prefix: str) -> Iterator[dict[str, Any]]:
    pages = client.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
    for page in pages:
        yield from page.get("Contents", [])
