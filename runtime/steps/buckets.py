"""Airflow's operators for buckets and objects of S3 as steps.

Source: `airflow.providers.amazon.aws.operators.s3` and `airflow.providers.amazon.aws.hooks.s3`.
"""

from __future__ import annotations

import gzip
import logging
from typing import Any

from zenml import step

from runtime.context import current_run, task_id
from runtime.dagrun.outcome import airflow_task
from runtime.exceptions import PipelineRuntimeError
from runtime.s3 import bucket_and_key, has_bucket, has_object, listed, s3_client
from runtime.templates import render

logger = logging.getLogger(__name__)

_MOST_AT_ONCE = 1000
"""How many objects S3 deletes in one request."""
_WITHOUT_CONSTRAINT = "us-east-1"
"""The region that S3 does not take as a constraint: it is its default."""


class ObjectsNotDeletedError(PipelineRuntimeError):
    """S3 kept some of the objects that it was asked to delete."""


@step(enable_cache=False)
@airflow_task(typed=True)
def create_s3_bucket(
    bucket_name: str, region_name: str | None = None, connection: str | None = "aws_default"
) -> None:
    """Create a bucket, unless it is there. The name is a template."""
    (bucket,) = _rendered(bucket_name)
    client = s3_client(connection, region_name)
    if has_bucket(client, bucket):
        logger.info("The bucket %r is there already.", bucket)
        return
    region = region_name or client.meta.region_name
    if region == _WITHOUT_CONSTRAINT:
        client.create_bucket(Bucket=bucket)
    else:
        constraint = {"LocationConstraint": region}
        client.create_bucket(Bucket=bucket, CreateBucketConfiguration=constraint)


@step(enable_cache=False)
@airflow_task(typed=True)
def delete_s3_bucket(
    bucket_name: str,
    force_delete: bool = False,
    region_name: str | None = None,
    connection: str | None = "aws_default",
) -> None:
    """Delete a bucket, if it is there; with `force_delete` its objects before it."""
    (bucket,) = _rendered(bucket_name)
    client = s3_client(connection, region_name)
    if not has_bucket(client, bucket):
        logger.info("There is no bucket %r.", bucket)
        return
    if force_delete:
        _delete(client, bucket, [one["Key"] for one in listed(client, bucket, "")])
    client.delete_bucket(Bucket=bucket)


@step(enable_cache=False)
@airflow_task(typed=True)
def write_s3_object(
    key: str,
    data: str,
    bucket_name: str | None = None,
    replace: bool = False,
    encrypt: bool = False,
    acl: str | None = None,
    encoding: str = "utf-8",
    compression: str | None = None,
    region_name: str | None = None,
    connection: str | None = "aws_default",
) -> None:
    """Write text as an object; key, bucket and text are templates. Raises `ValueError` where the
    object is there and not to be replaced, and for another compression than `gzip`.
    """
    key, data, given = _rendered(key, data, bucket_name)
    bucket, key = bucket_and_key(given, key)
    client = s3_client(connection, region_name)
    if not replace and has_object(client, bucket, key):
        raise ValueError(f"The object {key!r} is in the bucket {bucket!r} already. Set replace.")
    if compression not in (None, "gzip"):
        raise ValueError(f"The compression {compression!r} is not known: only gzip is.")
    content = data.encode(encoding)
    options = {"ServerSideEncryption": "AES256"} if encrypt else {}
    if acl is not None:
        options["ACL"] = acl
    body = gzip.compress(content) if compression else content
    client.put_object(Bucket=bucket, Key=key, Body=body, **options)


@step(enable_cache=False)
@airflow_task(typed=True)
def copy_s3_object(
    source_key: str,
    target_key: str,
    source_bucket: str | None = None,
    target_bucket: str | None = None,
    source_version: str | None = None,
    acl: str | None = None,
    region_name: str | None = None,
    connection: str | None = "aws_default",
) -> None:
    """Copy an object within S3; keys and buckets are templates, a key may be a whole URL."""
    names = _rendered(source_key, target_key, source_bucket, target_bucket)
    from_bucket, from_key = bucket_and_key(names[2], names[0])
    bucket, key = bucket_and_key(names[3], names[1])
    source = {"Bucket": from_bucket, "Key": from_key}
    if source_version is not None:
        source["VersionId"] = source_version
    options = {"ACL": acl} if acl is not None else {}
    client = s3_client(connection, region_name)
    client.copy_object(Bucket=bucket, Key=key, CopySource=source, **options)


@step(enable_cache=False)
@airflow_task(typed=True)
def delete_s3_objects(
    bucket_name: str,
    keys: str | list[str] | None = None,
    prefix: str | None = None,
    region_name: str | None = None,
    connection: str | None = "aws_default",
) -> None:
    """Delete the objects of these keys, or all whose keys begin with `prefix`; all are templates.

    Raises `ValueError` unless exactly one of the two is given, and `ObjectsNotDeletedError`.
    """
    bucket, keys, prefix = _rendered(bucket_name, keys, prefix)
    if (keys is None) == (prefix is None):
        raise ValueError("Give either keys or a prefix of the objects to delete.")
    client = s3_client(connection, region_name)
    if prefix is not None:
        keys = [one["Key"] for one in listed(client, bucket, prefix)]
    _delete(client, bucket, [keys] if isinstance(keys, str) and keys else keys or [])


@step(enable_cache=False)
@airflow_task(typed=True)
def list_s3_keys(
    bucket_name: str,
    prefix: str = "",
    delimiter: str = "",
    region_name: str | None = None,
    connection: str | None = "aws_default",
) -> Any:
    """Give the keys of a bucket's objects that begin with `prefix`; all are templates."""
    bucket, prefix, delimiter = _rendered(bucket_name, prefix, delimiter)
    client = s3_client(connection, region_name)
    return [one["Key"] for one in listed(client, bucket, prefix, delimiter)]


def _rendered(*values: Any) -> tuple[Any, ...]:
    rendered: tuple[Any, ...] = render(values, current_run(), task_id())
    return rendered


def _delete(client: Any, bucket: str, keys: list[str]) -> None:
    for start in range(0, len(keys), _MOST_AT_ONCE):
        objects = [{"Key": key} for key in keys[start : start + _MOST_AT_ONCE]]
        answer = client.delete_objects(Bucket=bucket, Delete={"Objects": objects})
        kept = [one["Key"] for one in answer.get("Errors", [])]
        if kept:
            raise ObjectsNotDeletedError(f"S3 did not delete from {bucket!r}: {', '.join(kept)}")
