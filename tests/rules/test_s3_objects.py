"""Operators for buckets and objects of S3."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.rules.lowered import one

MODULE = "airflow.providers.amazon.aws.operators.s3"


def test_all_that_goes_over(tmp_path: Path) -> None:
    task = (
        "S3CreateObjectOperator(task_id='t', s3_key='s3://b/k', data='x', encrypt=True, "
        "acl_policy='private', encoding='latin-1', compression='gzip', region_name='eu-west-1', "
        "aws_conn_id='aws_exports', verify='ca.pem')"
    )
    lowered = one(tmp_path, MODULE, task)
    assert lowered.texts == [
        "write_s3_object('s3://b/k', 'x', encrypt=True, acl='private', encoding='latin-1', "
        "compression='gzip', region_name='eu-west-1', connection='aws_exports')"
    ]
    assert lowered.untaken == []
    assert "aws_exports" in str(lowered.config)


def test_the_default_connection_is_not_written(tmp_path: Path) -> None:
    lowered = one(
        tmp_path, MODULE, "S3ListOperator(task_id='t', bucket='b', aws_conn_id='aws_default')"
    )
    assert lowered.texts == ["list_s3_keys('b')"]
    assert lowered.codes == []


REFUSED = {
    "bytes": "S3CreateObjectOperator(task_id='t', s3_key='k', s3_bucket='b', data=b'x')",
    "age": "S3DeleteObjectsOperator(task_id='t', bucket='b', from_datetime='2024-01-01')",
    "wildcard": "S3ListOperator(task_id='t', bucket='b', prefix='a*', apply_wildcard=True)",
    "connection": "S3DeleteBucketOperator(task_id='t', bucket_name='b', aws_conn_id=1)",
}


@pytest.mark.parametrize("task", REFUSED.values(), ids=REFUSED)
def test_what_has_no_equivalent(task: str, tmp_path: Path) -> None:
    assert one(tmp_path, MODULE, task).codes == [("D2Z303", "manual")]


def test_what_no_rule_reads_is_left(tmp_path: Path) -> None:
    task = "S3CreateBucketOperator(task_id='t', bucket_name='b', botocore_config={'a': 1})"
    assert one(tmp_path, MODULE, task).untaken == ["botocore_config"]
