"""Amazon's object storage, as Airflow's S3Hook uses it."""

from __future__ import annotations

import importlib
import logging
import re
from collections.abc import Iterator
from typing import Any

from runtime.config import load_config
from runtime.connections import get_connection
from runtime.context import running_dag_id
from runtime.exceptions import ConfigError

logger = logging.getLogger(__name__)

_URL = re.compile(r"s3[an]?://([^/]+)/(.+)", re.DOTALL)
_CLIENT_EXTRAS = ("region_name", "endpoint_url", "aws_session_token", "verify")


def s3_client(
    connection: str | None, region_name: str | None = None, verify: bool | str | None = None
) -> Any:
    """Make boto3's client, by a connection of the configuration or by what the machine has.

    The connection holds key and secret, and as extras `region_name`, `endpoint_url`,
    `aws_session_token` and `verify`; `region_name` and `verify` win over its own. Raises
    `ConfigError` without boto3, and for connections that take a role.
    """
    return _boto3().client("s3", **_access(connection, region_name, verify))


def s3_resource(
    connection: str | None, region_name: str | None = None, verify: bool | str | None = None
) -> Any:
    """Make boto3's resource; see `s3_client`."""
    return _boto3().resource("s3", **_access(connection, region_name, verify))


def has_bucket(client: Any, bucket: str) -> bool:
    """Tell whether the bucket answers; as in Airflow, one that is closed counts as not there."""
    try:
        client.head_bucket(Bucket=bucket)
    except client.exceptions.ClientError as error:
        logger.info("The bucket %r does not answer: %s", bucket, error)
        return False
    return True


def has_object(client: Any, bucket: str, key: str) -> bool:
    """Tell whether there is such an object. Raises boto3's `ClientError` where S3 does not tell."""
    try:
        client.head_object(Bucket=bucket, Key=key)
    except client.exceptions.ClientError as error:
        if error.response["ResponseMetadata"]["HTTPStatusCode"] == 404:
            return False
        raise
    return True


def _boto3() -> Any:
    try:
        return importlib.import_module("boto3")
    except ModuleNotFoundError as error:
        raise ConfigError("S3 needs boto3. Install it: pip install boto3") from error


def _access(
    connection: str | None, region_name: str | None, verify: bool | str | None
) -> dict[str, Any]:
    """Give boto3's arguments; a callback runs outside of its step, and asks for its DAG's."""
    dag_id = running_dag_id()
    given = {"region_name": region_name, "verify": verify}
    own = {name: value for name, value in given.items() if value is not None}
    if connection is None or connection not in load_config(dag_id).connections:
        return own
    access = get_connection(connection, dag_id=dag_id)
    extras = access.extra_dejson
    if "role_arn" in extras:
        raise ConfigError(
            f"The connection {connection!r} takes a role ({extras['role_arn']}), which is not done "
            "here. Give the process the role, and leave the connection out."
        )
    options = {name: extras[name] for name in _CLIENT_EXTRAS if name in extras}
    keys = {"aws_access_key_id": access.login, "aws_secret_access_key": access.password}
    return {**keys, **options, **own}


def bucket_and_key(bucket: str | None, key: str) -> tuple[str, str]:
    """Split a whole `s3://` URL, or give the bucket and the key. Raises `ValueError` for neither,
    and for both.
    """
    url = _URL.fullmatch(key)
    if url is None and bucket is None:
        raise ValueError(f"The key {key!r} is no s3:// URL, so it needs a bucket_name.")
    if url is not None and bucket is not None:
        raise ValueError(f"The key {key!r} is a whole URL, so bucket_name must not be given.")
    return (url[1], url[2]) if url is not None else (str(bucket), key)


def listed(client: Any, bucket: str, prefix: str, delimiter: str = "") -> Iterator[dict[str, Any]]:
    """Give the objects (`Key`, `Size`, …) whose keys begin so; with a delimiter, only those without
    it in the rest of the key.
    """
    pages = client.get_paginator("list_objects_v2").paginate(
        Bucket=bucket, Prefix=prefix, Delimiter=delimiter
    )
    for page in pages:
        yield from page.get("Contents", [])
