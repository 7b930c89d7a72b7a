"""Buckets and objects in S3."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rules.arguments import given, pass_on, platform_settings, present, refused, step
from rules.registry import Example, rule
from rules.s3 import CLIENT, aws_connection

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from transpiler.lower.lowering import Lowering
    from transpiler.lower.reader import TaskReader
    from transpiler.model.pipeline import StepCall

_DOCS = (
    "https://airflow.apache.org/docs/apache-airflow-providers-amazon/stable/operators/s3/s3.html"
)

_CREATE_BUCKET = Example(
    before="""\
from datetime import datetime

from airflow import DAG
from airflow.providers.amazon.aws.operators.s3 import S3CreateBucketOperator

with DAG("nightly", start_date=datetime(2024, 1, 1), schedule="@daily", catchup=False):
    S3CreateBucketOperator(task_id="make", bucket_name="exports", region_name="eu-west-1")
""",
    after="""\
create_s3_bucket("exports", region_name="eu-west-1", id="make")
""",
)

_DELETE_BUCKET = Example(
    before="""\
from datetime import datetime

from airflow import DAG
from airflow.providers.amazon.aws.operators.s3 import S3DeleteBucketOperator

with DAG("nightly", start_date=datetime(2024, 1, 1), schedule="@daily", catchup=False):
    S3DeleteBucketOperator(task_id="drop", bucket_name="exports", force_delete=True)
""",
    after="""\
delete_s3_bucket("exports", force_delete=True, id="drop")
""",
)

_CREATE_OBJECT = Example(
    before="""\
from datetime import datetime

from airflow import DAG
from airflow.providers.amazon.aws.operators.s3 import S3CreateObjectOperator

with DAG("nightly", start_date=datetime(2024, 1, 1), schedule="@daily", catchup=False):
    S3CreateObjectOperator(
        task_id="mark", s3_bucket="exports", s3_key="{{ ds }}/done", data="", replace=True
    )
""",
    after="""\
write_s3_object("{{ ds }}/done", "", bucket_name="exports", replace=True, id="mark")
""",
)

_COPY_OBJECT = Example(
    before="""\
from datetime import datetime

from airflow import DAG
from airflow.providers.amazon.aws.operators.s3 import S3CopyObjectOperator

with DAG("nightly", start_date=datetime(2024, 1, 1), schedule="@daily", catchup=False):
    S3CopyObjectOperator(
        task_id="keep",
        source_bucket_key="s3://exports/a.csv",
        dest_bucket_key="a.csv",
        dest_bucket_name="archive",
    )
""",
    after="""\
copy_s3_object("s3://exports/a.csv", "a.csv", target_bucket="archive", id="keep")
""",
)

_DELETE_OBJECTS = Example(
    before="""\
from datetime import datetime

from airflow import DAG
from airflow.providers.amazon.aws.operators.s3 import S3DeleteObjectsOperator

with DAG("nightly", start_date=datetime(2024, 1, 1), schedule="@daily", catchup=False):
    S3DeleteObjectsOperator(task_id="clean", bucket="exports", prefix="tmp/{{ ds }}/")
""",
    after="""\
delete_s3_objects("exports", prefix="tmp/{{ ds }}/", id="clean")
""",
)

_LIST_KEYS = Example(
    before="""\
from datetime import datetime

from airflow import DAG
from airflow.providers.amazon.aws.operators.s3 import S3ListOperator

with DAG("nightly", start_date=datetime(2024, 1, 1), schedule="@daily", catchup=False):
    S3ListOperator(task_id="find", bucket="exports", prefix="orders/", aws_conn_id="aws_exports")
""",
    after="""\
list_s3_keys("exports", prefix="orders/", connection="aws_exports", id="find")
""",
)


@rule(
    "airflow.providers.amazon.aws.operators.s3.S3CreateBucketOperator",
    "airflow.providers.amazon.aws.operators.s3_bucket.S3CreateBucketOperator",
    docs=_DOCS,
    examples=[_CREATE_BUCKET],
)
def s3_create_bucket_operator(task: TaskReader, to: Lowering) -> StepCall:
    """The step makes the bucket, unless it is there."""
    return _step("create_s3_bucket", task, to, ["bucket_name"], {})


@rule(
    "airflow.providers.amazon.aws.operators.s3.S3DeleteBucketOperator",
    "airflow.providers.amazon.aws.operators.s3_bucket.S3DeleteBucketOperator",
    docs=_DOCS,
    examples=[_DELETE_BUCKET],
)
def s3_delete_bucket_operator(task: TaskReader, to: Lowering) -> StepCall:
    """The step deletes the bucket, if it is there."""
    return _step("delete_s3_bucket", task, to, ["bucket_name"], {"force_delete": "force_delete"})


@rule(
    "airflow.providers.amazon.aws.operators.s3.S3CreateObjectOperator",
    docs=_DOCS,
    examples=[_CREATE_OBJECT],
)
def s3_create_object_operator(task: TaskReader, to: Lowering) -> StepCall:
    """The step writes the text; bytes are no parameter of a step and are refused."""
    data = task.require("data")
    if isinstance(data.value, (bytes, bytearray)):
        raise refused(task, data, "data is bytes, which a step cannot take; write text instead")
    names = {
        "s3_bucket": "bucket_name",
        "replace": "replace",
        "encrypt": "encrypt",
        "acl_policy": "acl",
        "encoding": "encoding",
        "compression": "compression",
    }
    return _step("write_s3_object", task, to, ["s3_key", "data"], names)


@rule(
    "airflow.providers.amazon.aws.operators.s3.S3CopyObjectOperator",
    "airflow.providers.amazon.aws.operators.s3_copy_object.S3CopyObjectOperator",
    "airflow.contrib.operators.s3_copy_object_operator.S3CopyObjectOperator",
    docs=_DOCS,
    examples=[_COPY_OBJECT],
)
def s3_copy_object_operator(task: TaskReader, to: Lowering) -> StepCall:
    """The step copies within S3; the data does not pass through it."""
    names = {
        "source_bucket_name": "source_bucket",
        "dest_bucket_name": "target_bucket",
        "source_version_id": "source_version",
        "acl_policy": "acl",
    }
    return _step("copy_s3_object", task, to, ["source_bucket_key", "dest_bucket_key"], names)


@rule(
    "airflow.providers.amazon.aws.operators.s3.S3DeleteObjectsOperator",
    "airflow.providers.amazon.aws.operators.s3_delete_objects.S3DeleteObjectsOperator",
    "airflow.contrib.operators.s3_delete_objects_operator.S3DeleteObjectsOperator",
    docs=_DOCS,
    examples=[_DELETE_OBJECTS],
)
def s3_delete_objects_operator(task: TaskReader, to: Lowering) -> StepCall:
    """The step deletes the objects of the keys, or of a prefix. Limits by date are reported."""
    for name in ("from_datetime", "to_datetime"):
        limit = given(task, name)
        if limit is not None:
            raise refused(task, limit, f"{name} chooses objects by their age; give keys instead")
    return _step("delete_s3_objects", task, to, ["bucket"], {"keys": "keys", "prefix": "prefix"})


@rule(
    "airflow.providers.amazon.aws.operators.s3.S3ListOperator",
    "airflow.providers.amazon.aws.operators.s3_list.S3ListOperator",
    "airflow.contrib.operators.s3_list_operator.S3ListOperator",
    docs=_DOCS,
    examples=[_LIST_KEYS],
)
def s3_list_operator(task: TaskReader, to: Lowering) -> StepCall:
    """The step gives the list of keys."""
    wildcard = given(task, "apply_wildcard")
    if wildcard is not None and wildcard.value is not False:
        raise refused(task, wildcard, "apply_wildcard has no equivalent; give the prefix")
    names = {"prefix": "prefix", "delimiter": "delimiter"}
    return _step("list_s3_keys", task, to, ["bucket"], names)


def _step(
    function: str,
    task: TaskReader,
    to: Lowering,
    required: Sequence[str],
    names: Mapping[str, str],
) -> StepCall:
    """The step with the required arguments in order, and those that were given besides."""
    platform_settings(task, to, CLIENT)
    kwargs = {
        **pass_on(task, to, {**names, "region_name": "region_name"}),
        **present(connection=aws_connection(task, to)),
    }
    arguments = [to.expr(task.require(name)) for name in required]
    return step(function, task, *arguments, kwargs=kwargs)
