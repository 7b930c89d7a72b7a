"""Airflow's S3KeySensor as a step."""

from __future__ import annotations

import re
from fnmatch import fnmatch
from typing import Any

from zenml import step

from runtime.context import current_run, task_id
from runtime.dagrun.outcome import airflow_task
from runtime.functions import call_with_context, load_function
from runtime.polling import WEEK_SECONDS, Polling, poll
from runtime.s3 import bucket_and_key, listed, s3_client
from runtime.templates import render


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
    client = s3_client(connection)
    passes = load_function(check) if check else None

    def is_there(key: str) -> bool:
        where, name = bucket_and_key(bucket, key)
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


def _objects(
    client: Any, bucket: str, key: str, wildcard: bool, regex: bool
) -> list[dict[str, Any]]:
    if wildcard:
        prefix = re.split(r"[\[*?]", key, maxsplit=1)[0]
        return [one for one in listed(client, bucket, prefix) if fnmatch(one["Key"], key)]
    if regex:
        return [one for one in listed(client, bucket, "") if re.match(key, one["Key"])]
    try:
        head = client.head_object(Bucket=bucket, Key=key)
    except client.exceptions.ClientError as error:
        if error.response["ResponseMetadata"]["HTTPStatusCode"] == 404:
            return []
        raise
    return [{"Key": key, "Size": head["ContentLength"], **head}]
