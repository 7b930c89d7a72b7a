"""Airflow's S3Hook over boto3. Source: `airflow.providers.amazon.aws.hooks.s3`."""

from __future__ import annotations

import fnmatch
import gzip as gz
import shutil
import tempfile
from collections.abc import Callable
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO
from uuid import uuid4

from runtime.airflow_names import BaseHook
from runtime.config import load_config
from runtime.context import running_dag_id
from runtime.exceptions import PipelineRuntimeError
from runtime.s3 import bucket_and_key, has_bucket, has_object, s3_client, s3_resource

_MOST_AT_ONCE = 1000
"""How many objects S3 deletes in one request."""


class S3Hook(BaseHook):
    """Objects of S3, by a connection of the configuration or by what the machine has.

    A key may be a whole `s3://` URL where no bucket is given; without either the bucket is the
    connection's `schema`, or `bucket_name` in its extra `service_config`.
    """

    conn_name_attr = "aws_conn_id"
    default_conn_name = "aws_default"

    def __init__(
        self,
        aws_conn_id: str | None = "aws_default",
        *,
        region_name: str | None = None,
        verify: bool | str | None = None,
    ) -> None:
        """Take the connection id; `verify` wins over the connection's."""
        self.aws_conn_id = aws_conn_id
        self.region_name = region_name
        self.verify = verify
        self._client: Any = None

    def get_conn(self) -> Any:
        """Give boto3's client."""
        if self._client is None:
            self._client = s3_client(self.aws_conn_id, self.region_name, self.verify)
        return self._client

    def get_key(self, key: str, bucket_name: str | None = None) -> Any:
        """Give boto3's object of a key, loaded. Raises boto3's `ClientError` where it is not."""
        bucket, key = self._place(key, bucket_name)
        found = s3_resource(self.aws_conn_id, self.region_name, self.verify).Object(bucket, key)
        found.load()
        return found

    def check_for_key(self, key: str, bucket_name: str | None = None) -> bool:
        """Tell whether there is such an object."""
        bucket, key = self._place(key, bucket_name)
        return has_object(self.get_conn(), bucket, key)

    def check_for_bucket(self, bucket_name: str | None = None) -> bool:
        """Tell whether the bucket answers; as in Airflow, one that is closed does not."""
        return has_bucket(self.get_conn(), self._bucket(bucket_name))

    def read_key(self, key: str, bucket_name: str | None = None) -> str:
        """Give the text of an object."""
        text: str = self.get_key(key, bucket_name).get()["Body"].read().decode("utf-8")
        return text

    def list_keys(
        self,
        bucket_name: str | None = None,
        prefix: str | None = None,
        delimiter: str | None = None,
        page_size: int | None = None,
        max_items: int | None = None,
        start_after_key: str | None = None,
        from_datetime: datetime | None = None,
        to_datetime: datetime | None = None,
        object_filter: Callable[..., list[Any]] | None = None,
        apply_wildcard: bool = False,
    ) -> list[Any]:
        """Give the keys that begin with `prefix`, changed after `from_datetime` and not after
        `to_datetime`; with `apply_wildcard`, those that match it. `object_filter` chooses instead.
        """
        pattern = prefix or ""
        is_pattern = apply_wildcard and "*" in pattern
        start = pattern.split("*", 1)[0] if is_pattern else pattern
        pages = self._pages(bucket_name, start, delimiter, page_size, max_items, start_after_key)
        objects = [one for page in pages for one in page.get("Contents", [])]
        if is_pattern:
            objects = [one for one in objects if fnmatch.fnmatch(one["Key"], pattern)]
        if object_filter is not None:
            return object_filter(objects, from_datetime, to_datetime)
        return [
            one["Key"]
            for one in objects
            if (from_datetime is None or one["LastModified"] > from_datetime)
            and (to_datetime is None or one["LastModified"] <= to_datetime)
        ]

    def list_prefixes(
        self,
        bucket_name: str | None = None,
        prefix: str | None = None,
        delimiter: str | None = None,
        page_size: int | None = None,
        max_items: int | None = None,
    ) -> list[str]:
        """Give the prefixes up to the next delimiter, as folders below `prefix`."""
        pages = self._pages(bucket_name, prefix or "", delimiter, page_size, max_items, None)
        return [one["Prefix"] for page in pages for one in page.get("CommonPrefixes", [])]

    def load_file(
        self,
        filename: Path | str,
        key: str,
        bucket_name: str | None = None,
        replace: bool = False,
        encrypt: bool = False,
        gzip: bool = False,
        acl_policy: str | None = None,
    ) -> None:
        """Upload a file; with `gzip` its compressed copy, which stays beside it as in Airflow."""
        path = Path(filename)
        bucket, key = self._target(key, bucket_name, replace)
        if gzip:
            packed = Path(f"{path}.gz")
            with path.open("rb") as plain, gz.open(packed, "wb") as target:
                shutil.copyfileobj(plain, target)
            path = packed
        options = _upload_options(encrypt, acl_policy)
        self.get_conn().upload_file(str(path), bucket, key, ExtraArgs=options)

    def load_string(
        self,
        string_data: str,
        key: str,
        bucket_name: str | None = None,
        replace: bool = False,
        encrypt: bool = False,
        encoding: str | None = None,
        acl_policy: str | None = None,
        compression: str | None = None,
    ) -> None:
        """Upload a text. Raises `NotImplementedError` for a compression other than `gzip`."""
        if compression not in (None, "gzip"):
            raise NotImplementedError(f"The compression {compression!r} is not known: only gzip.")
        content = string_data.encode(encoding or "utf-8")
        content = gz.compress(content) if compression else content
        self.load_bytes(content, key, bucket_name, replace, encrypt, acl_policy)

    def load_bytes(
        self,
        bytes_data: bytes,
        key: str,
        bucket_name: str | None = None,
        replace: bool = False,
        encrypt: bool = False,
        acl_policy: str | None = None,
    ) -> None:
        """Upload bytes."""
        self.load_file_obj(BytesIO(bytes_data), key, bucket_name, replace, encrypt, acl_policy)

    def load_file_obj(
        self,
        file_obj: BinaryIO,
        key: str,
        bucket_name: str | None = None,
        replace: bool = False,
        encrypt: bool = False,
        acl_policy: str | None = None,
    ) -> None:
        """Upload what an open file has. Raises `ValueError` for an object that is there already
        and is not to be replaced.
        """
        bucket, key = self._target(key, bucket_name, replace)
        options = _upload_options(encrypt, acl_policy)
        self.get_conn().upload_fileobj(file_obj, bucket, key, ExtraArgs=options)

    def download_file(
        self,
        key: str,
        bucket_name: str | None = None,
        local_path: str | None = None,
        preserve_file_name: bool = False,
        use_autogenerated_subdir: bool = True,
    ) -> str:
        """Download an object into a new file, and give its path; see Airflow's S3Hook."""
        found = self.get_key(key, bucket_name)
        if not preserve_file_name:
            with tempfile.NamedTemporaryFile(
                dir=local_path, prefix="airflow_tmp_", delete=False
            ) as target:
                found.download_fileobj(target)
            return target.name
        folder = Path(local_path or tempfile.gettempdir())
        if use_autogenerated_subdir:
            folder /= f"airflow_tmp_dir_{uuid4().hex[:8]}"
        path = folder / found.key.rpartition("/")[2]
        folder.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as file:
            found.download_fileobj(file)
        return str(path)

    def delete_objects(self, bucket: str, keys: str | list[str]) -> None:
        """Delete objects. Raises `PipelineRuntimeError` with those that S3 kept."""
        names = [keys] if isinstance(keys, str) else keys
        for start in range(0, len(names), _MOST_AT_ONCE):
            objects = [{"Key": name} for name in names[start : start + _MOST_AT_ONCE]]
            answer = self.get_conn().delete_objects(Bucket=bucket, Delete={"Objects": objects})
            kept = [one["Key"] for one in answer.get("Errors", [])]
            if kept:
                raise PipelineRuntimeError(f"S3 did not delete from {bucket!r}: {', '.join(kept)}")

    def _pages(
        self,
        bucket_name: str | None,
        prefix: str,
        delimiter: str | None,
        page_size: int | None,
        max_items: int | None,
        start_after: str | None,
    ) -> Any:
        paginator = self.get_conn().get_paginator("list_objects_v2")
        return paginator.paginate(
            Bucket=self._bucket(bucket_name),
            Prefix=prefix,
            Delimiter=delimiter or "",
            StartAfter=start_after or "",
            PaginationConfig={"PageSize": page_size, "MaxItems": max_items},
        )

    def _target(self, key: str, bucket_name: str | None, replace: bool) -> tuple[str, str]:
        bucket, key = self._place(key, bucket_name)
        if not replace and has_object(self.get_conn(), bucket, key):
            raise ValueError(f"The key {key} already exists.")
        return bucket, key

    def _place(self, key: str, bucket_name: str | None) -> tuple[str, str]:
        if bucket_name is None and "://" in key:
            return bucket_and_key(None, key)
        return self._bucket(bucket_name), key

    def _bucket(self, given: str | None) -> str:
        connections = load_config(running_dag_id()).connections
        if given or self.aws_conn_id not in connections:
            known = given
        else:
            config = connections[self.aws_conn_id]
            service: Any = config.extra.get("service_config") or {}
            known = service.get("s3", {}).get("bucket_name") or config.schema_name
        if not known:
            raise ValueError("There is no bucket: give bucket_name, or a key that is an s3:// URL.")
        return known


def _upload_options(encrypt: bool, acl: str | None) -> dict[str, str]:
    options = {"ServerSideEncryption": "AES256"} if encrypt else {}
    return {**options, "ACL": acl} if acl else options
