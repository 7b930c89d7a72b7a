"""Buckets and objects of S3: boto3 against a server that speaks S3's protocol."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from runtime.steps import (
    copy_s3_object,
    create_s3_bucket,
    delete_s3_bucket,
    delete_s3_objects,
    list_s3_keys,
    write_s3_object,
)
from runtime.steps.buckets import ObjectsNotDeletedError
from tests.conftest import EmittedProject  # type: ignore[import-not-found, unused-ignore]
from tests.runtime.object_storage import Storage, object_storage

InStep = Callable[[Callable[[], Any]], Any]


@pytest.fixture
def storage(emitted_project: EmittedProject) -> Iterator[Storage]:
    with object_storage() as (one, aws):
        emitted_project.configure(
            "probe_dag", {"pipeline": "probe-dag", "connections": {"aws_default": aws}}
        )
        yield one


def test_buckets(in_step: InStep, storage: Storage) -> None:
    def work() -> None:
        create_s3_bucket("of-{{ ds }}")
        create_s3_bucket("of-{{ ds }}")
        create_s3_bucket("american", region_name="us-east-1")
        storage.buckets["american"] = {"a": b"", "b": b""}
        delete_s3_bucket("absent")
        delete_s3_bucket("american", force_delete=True)

    in_step(work)
    assert storage.buckets == {"of-2024-01-02": {}}
    constraint, none = storage.bodies
    assert b"<LocationConstraint>eu-west-1</LocationConstraint>" in constraint
    assert none == b""


def test_a_bucket_with_objects_stays(in_step: InStep, storage: Storage) -> None:
    storage.buckets["full"] = {"a": b""}
    with pytest.raises(Exception, match="BucketNotEmpty"):
        in_step(lambda: delete_s3_bucket("full"))
    assert storage.buckets == {"full": {"a": b""}}


def test_objects(in_step: InStep, storage: Storage) -> None:
    storage.buckets = {"one": {"old": b"old"}, "two": {}}

    def work() -> list[Any]:
        write_s3_object("{{ ds }}/a.txt", "é {{ ds }}", "one", encoding="latin-1", encrypt=True)
        write_s3_object("s3://one/old", "new", replace=True, acl="public-read")
        write_s3_object("s3://two/z.gz", "text", compression="gzip")
        copy_s3_object("s3://one/old", "kept", target_bucket="two", acl="private")
        copy_s3_object("old", "s3://two/second", source_bucket="one", source_version="7")
        found = [
            list_s3_keys("one"),
            list_s3_keys("one", prefix="{{ ds }}/"),
            list_s3_keys("one", delimiter="/"),
            list_s3_keys("one", prefix="none"),
        ]
        delete_s3_objects("one", prefix="{{ ds }}/")
        delete_s3_objects("two", keys="kept")
        delete_s3_objects("two", keys=["second", "absent"])
        delete_s3_objects("two", keys=[])
        return found

    found = in_step(work)
    assert found == [["old", "2024-01-02/a.txt"], ["2024-01-02/a.txt"], ["old"], []]
    assert storage.buckets["one"] == {"old": b"new"}
    assert {key: gzip.decompress(body) for key, body in storage.buckets["two"].items()} == {
        "z.gz": b"text"
    }
    assert storage.headers["2024-01-02/a.txt"]["x-amz-server-side-encryption"] == "AES256"
    assert storage.headers["old"]["x-amz-acl"] == "public-read"
    assert storage.headers["kept"]["x-amz-copy-source"] == "one/old"
    assert storage.headers["second"]["x-amz-copy-source"] == "one/old?versionId=7"


WRONG: dict[str, tuple[Callable[[], Any], type[Exception], str]] = {
    "an object that is there": (
        lambda: write_s3_object("old", "x", "one"),
        ValueError,
        "'old' is in the bucket 'one' already",
    ),
    "another compression": (
        lambda: write_s3_object("new", "x", "one", compression="zip"),
        ValueError,
        "'zip' is not known",
    ),
    "an object that is closed": (lambda: write_s3_object("closed", "x", "one"), Exception, "403"),
    "neither keys nor prefix": (lambda: delete_s3_objects("one"), ValueError, "either keys"),
    "objects that stay": (
        lambda: delete_s3_objects("one", keys=["old", "locked"]),
        ObjectsNotDeletedError,
        "did not delete from 'one': locked",
    ),
    "a bucket that is closed": (lambda: create_s3_bucket("closed"), Exception, "403"),
}


def test_what_goes_wrong(in_step: InStep, storage: Storage) -> None:
    storage.buckets["one"] = {"old": b"", "locked": b""}

    def work() -> None:
        for call, kind, text in WRONG.values():
            with pytest.raises(kind, match=text):
                call()

    in_step(work)
