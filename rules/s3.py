"""Waiting for objects in S3."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rules.arguments import (
    function_path,
    given,
    pass_on,
    platform_settings,
    present,
    refused,
    step,
)
from rules.registry import Example, rule
from rules.sensor_arguments import may_skip, sensor_arguments

if TYPE_CHECKING:
    from transpiler.lower.lowering import Lowering
    from transpiler.lower.reader import TaskReader
    from transpiler.model.pipeline import Expr, StepCall

_DEFAULT_CONNECTION = "aws_default"
CLIENT = {"verify": "it goes into the extras of the connection in the configuration"}

_KEY = Example(
    before="""\
from datetime import datetime

from airflow import DAG
from airflow.providers.amazon.aws.sensors.s3 import S3KeySensor

with DAG("nightly", start_date=datetime(2024, 1, 1), schedule="@daily", catchup=False):
    S3KeySensor(
        task_id="wait_for_export",
        bucket_name="exports",
        bucket_key="orders/{{ ds }}/*.csv",
        wildcard_match=True,
        aws_conn_id="aws_exports",
        timeout=3600,
    )
""",
    after="""\
wait_for_s3_key(
    "orders/{{ ds }}/*.csv",
    bucket_name="exports",
    wildcard_match=True,
    connection="aws_exports",
    timeout_seconds=3600,
    id="wait_for_export",
)
""",
)


@rule(
    "airflow.providers.amazon.aws.sensors.s3.S3KeySensor",
    "airflow.providers.amazon.aws.sensors.s3_key.S3KeySensor",
    "airflow.sensors.s3_key_sensor.S3KeySensor",
    "airflow.operators.sensors.S3KeySensor",
    docs="https://airflow.apache.org/docs/apache-airflow-providers-amazon/stable/operators/s3/s3.html",
    examples=[_KEY],
    dynamic=may_skip,
)
def s3_key_sensor(task: TaskReader, to: Lowering) -> StepCall:
    """The step asks S3 by boto3; credentials come from the connection in the configuration, or,
    where that is not there, from the machine.
    """
    platform_settings(task, to, CLIENT)
    names = ("bucket_name", "wildcard_match", "use_regex")
    kwargs = {
        **pass_on(task, to, {name: name for name in names}),
        **present(check=function_path(task, to, "check_fn"), connection=aws_connection(task, to)),
        **sensor_arguments(task, to),
    }
    return step("wait_for_s3_key", task, to.expr(task.require("bucket_key")), kwargs=kwargs)


def aws_connection(task: TaskReader, to: Lowering) -> Expr | None:
    """The connection that the step takes, unless it is the default one. Raises
    UntranslatableError for a name that is not known from the file.
    """
    argument = given(task, "aws_conn_id")
    if argument is None or argument.value == _DEFAULT_CONNECTION:
        return None
    if not isinstance(argument.value, str):
        raise refused(task, argument, "aws_conn_id is not known from the file")
    to.settings.connection(argument.value, argument.span, kind="aws")
    return to.expr(argument)
