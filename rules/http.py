"""HTTP requests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rules.arguments import function_path, given, pass_on, present, refused, step
from rules.registry import Example, rule
from rules.sensor_arguments import may_skip, sensor_arguments

if TYPE_CHECKING:
    from transpiler.lower.lowering import Lowering
    from transpiler.lower.reader import TaskReader
    from transpiler.model.pipeline import Expr, StepCall

_DEFAULT_CONNECTION = "http_default"
_KEEP_ALIVE = (
    "tcp_keep_alive",
    "tcp_keep_alive_idle",
    "tcp_keep_alive_count",
    "tcp_keep_alive_interval",
)

_POST = Example(
    before="""\
import json
from datetime import datetime

from airflow import DAG
from airflow.providers.http.operators.http import SimpleHttpOperator

with DAG("nightly", start_date=datetime(2024, 1, 1), schedule="@daily", catchup=False):
    SimpleHttpOperator(
        task_id="start_export",
        http_conn_id="export_api",
        endpoint="exports/{{ ds }}",
        method="POST",
        data=json.dumps({"format": "csv"}),
        headers={"Content-Type": "application/json"},
        response_check=lambda response: response.json()["accepted"],
    )
""",
    after="""\
send_http_request(
    "exports/{{ ds }}",
    connection="export_api",
    method="POST",
    data=json.dumps({"format": "csv"}),
    headers={"Content-Type": "application/json"},
    response_check="steps.nightly.start_export_response_check",
    id="start_export",
)
""",
)

_WAIT = Example(
    before="""\
from datetime import datetime

from airflow import DAG
from airflow.providers.http.sensors.http import HttpSensor

with DAG("nightly", start_date=datetime(2024, 1, 1), schedule="@daily", catchup=False):
    HttpSensor(
        task_id="wait_for_export",
        http_conn_id="export_api",
        endpoint="exports/{{ ds }}",
        request_params={"part": "header"},
        response_error_codes_allowlist=["404", "503"],
        poke_interval=60,
    )
""",
    after="""\
wait_for_http(
    "exports/{{ ds }}",
    connection="export_api",
    data={"part": "header"},
    retried_status_codes=["404", "503"],
    poke_interval_seconds=60,
    id="wait_for_export",
)
""",
)


@rule(
    "airflow.providers.http.operators.http.HttpOperator",
    "airflow.providers.http.operators.http.SimpleHttpOperator",
    "airflow.operators.http_operator.SimpleHttpOperator",
    "airflow.operators.http.SimpleHttpOperator",
    "airflow.operators.SimpleHttpOperator",
    docs="https://airflow.apache.org/docs/apache-airflow-providers-http/stable/operators.html",
    examples=[_POST],
)
def http_operator(task: TaskReader, to: Lowering) -> StepCall:
    """The request is sent by `send_http_request`, which returns the text of the answer; host and
    credentials of the connection go into the configuration, callables into the steps module.
    """
    _take_transport(task)
    for name in ("auth_type", "retry_args"):
        argument = given(task, name)
        if argument is not None:
            raise refused(task, argument, f"{name}: the step takes user and password only")
    names = ("method", "data", "headers", "request_kwargs", "log_response")
    kwargs = {
        **present(connection=_connection(task, to)),
        **pass_on(task, to, {name: name for name in names}),
        **pass_on(task, to, {"extra_options": "options"}),
        **present(
            **{
                name: function_path(task, to, name)
                for name in ("response_check", "response_filter", "pagination_function")
            }
        ),
    }
    endpoint = given(task, "endpoint")
    args = () if endpoint is None else (to.expr(endpoint),)
    return step("send_http_request", task, *args, kwargs=kwargs)


@rule(
    "airflow.providers.http.sensors.http.HttpSensor",
    "airflow.sensors.http_sensor.HttpSensor",
    "airflow.operators.sensors.HttpSensor",
    docs="https://airflow.apache.org/docs/apache-airflow-providers-http/stable/operators.html",
    examples=[_WAIT],
    dynamic=may_skip,
)
def http_sensor(task: TaskReader, to: Lowering) -> StepCall:
    """The request is sent by `wait_for_http` until the answer is good."""
    _take_transport(task)
    names = {
        "method": "method",
        "request_params": "data",
        "headers": "headers",
        "response_error_codes_allowlist": "retried_status_codes",
        "extra_options": "options",
        "request_kwargs": "request_kwargs",
    }
    kwargs = {
        **present(connection=_connection(task, to)),
        **pass_on(task, to, names),
        **present(response_check=function_path(task, to, "response_check")),
        **sensor_arguments(task, to),
    }
    return step("wait_for_http", task, to.expr(task.require("endpoint")), kwargs=kwargs)


def _take_transport(task: TaskReader) -> None:
    task.not_needed(*_KEEP_ALIVE, why="the system keeps connections alive by its own settings")
    task.not_needed("deferrable", why="a step of ZenML waits for the answer itself")


def _connection(task: TaskReader, to: Lowering) -> Expr | None:
    argument = given(task, "http_conn_id")
    conn_id = _DEFAULT_CONNECTION if argument is None else argument.value
    if not isinstance(conn_id, str):
        assert argument is not None
        raise refused(task, argument, "http_conn_id is not known from the file")
    to.settings.connection(conn_id, task.span if argument is None else argument.span, kind="http")
    return None if argument is None or conn_id == _DEFAULT_CONNECTION else to.expr(argument)
