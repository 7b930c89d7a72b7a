"""The ZenML steps that Airflow's operators become.

Each one loads when it is first named, so that a pipeline pays only for what it uses. No module here
has the name of a step: importing it would put the module in the step's place.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from runtime.steps.bash import run_bash
    from runtime.steps.branch_dates import branch_date_time, branch_day_of_week, latest_only
    from runtime.steps.branch_query import branch_sql
    from runtime.steps.buckets import (
        copy_s3_object,
        create_s3_bucket,
        delete_s3_bucket,
        delete_s3_objects,
        list_s3_keys,
        write_s3_object,
    )
    from runtime.steps.checks import (
        check_sql,
        check_sql_interval,
        check_sql_threshold,
        check_sql_value,
    )
    from runtime.steps.commands import wait_for_command
    from runtime.steps.container import run_container
    from runtime.steps.database import run_sql
    from runtime.steps.docker import run_docker_container
    from runtime.steps.email import send_email
    from runtime.steps.empty import do_nothing
    from runtime.steps.features import load_features
    from runtime.steps.files import wait_for_file
    from runtime.steps.http import send_http_request, wait_for_http
    from runtime.steps.model import load_model
    from runtime.steps.moments import (
        wait_after_interval,
        wait_for_weekday,
        wait_until,
        wait_until_time,
    )
    from runtime.steps.objects import wait_for_s3_key
    from runtime.steps.outputs import pull_output, select_output
    from runtime.steps.predict import batch_predict
    from runtime.steps.rows import wait_for_sql
    from runtime.steps.slack import send_slack_message, send_slack_webhook
    from runtime.steps.sql import run_snowflake_sql
    from runtime.steps.table_checks import check_columns, check_table
    from runtime.steps.trigger import trigger_pipeline
    from runtime.steps.untranslated import not_translated
    from runtime.steps.wait import wait_for_pipeline
    from runtime.steps.write import write_predictions

__all__ = [
    "batch_predict",
    "branch_date_time",
    "branch_day_of_week",
    "branch_sql",
    "check_columns",
    "check_sql",
    "check_sql_interval",
    "check_sql_threshold",
    "check_sql_value",
    "check_table",
    "copy_s3_object",
    "create_s3_bucket",
    "delete_s3_bucket",
    "delete_s3_objects",
    "do_nothing",
    "latest_only",
    "list_s3_keys",
    "load_features",
    "load_model",
    "not_translated",
    "pull_output",
    "run_bash",
    "run_container",
    "run_docker_container",
    "run_snowflake_sql",
    "run_sql",
    "select_output",
    "send_email",
    "send_http_request",
    "send_slack_message",
    "send_slack_webhook",
    "trigger_pipeline",
    "wait_after_interval",
    "wait_for_command",
    "wait_for_file",
    "wait_for_http",
    "wait_for_pipeline",
    "wait_for_s3_key",
    "wait_for_sql",
    "wait_for_weekday",
    "wait_until",
    "wait_until_time",
    "write_predictions",
    "write_s3_object",
]

_MODULES = {
    "batch_predict": "predict",
    "branch_date_time": "branch_dates",
    "branch_day_of_week": "branch_dates",
    "branch_sql": "branch_query",
    "check_columns": "table_checks",
    "check_sql": "checks",
    "check_sql_interval": "checks",
    "check_sql_threshold": "checks",
    "check_sql_value": "checks",
    "check_table": "table_checks",
    "copy_s3_object": "buckets",
    "create_s3_bucket": "buckets",
    "delete_s3_bucket": "buckets",
    "delete_s3_objects": "buckets",
    "do_nothing": "empty",
    "latest_only": "branch_dates",
    "list_s3_keys": "buckets",
    "load_features": "features",
    "load_model": "model",
    "not_translated": "untranslated",
    "pull_output": "outputs",
    "run_bash": "bash",
    "run_container": "container",
    "run_docker_container": "docker",
    "run_snowflake_sql": "sql",
    "run_sql": "database",
    "select_output": "outputs",
    "send_email": "email",
    "send_http_request": "http",
    "send_slack_message": "slack",
    "send_slack_webhook": "slack",
    "trigger_pipeline": "trigger",
    "wait_after_interval": "moments",
    "wait_for_command": "commands",
    "wait_for_file": "files",
    "wait_for_http": "http",
    "wait_for_pipeline": "wait",
    "wait_for_s3_key": "objects",
    "wait_for_sql": "rows",
    "wait_for_weekday": "moments",
    "wait_until": "moments",
    "wait_until_time": "moments",
    "write_predictions": "write",
    "write_s3_object": "buckets",
}


def __getattr__(name: str) -> Any:
    """Load the module of a step when the step is asked for (PEP 562)."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
