"""The first parameters of the library's steps, which rules give without a name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from transpiler.model.pipeline import StepCall

LIBRARY = "runtime.steps."
FIRST_PARAMETERS: Mapping[str, tuple[str, ...]] = {
    "branch_sql": ("sql",),
    "check_columns": ("table",),
    "check_sql": ("sql",),
    "check_sql_interval": ("table",),
    "check_sql_threshold": ("sql",),
    "check_sql_value": ("sql",),
    "check_table": ("table",),
    "copy_s3_object": ("source_key", "target_key"),
    "create_s3_bucket": ("bucket_name",),
    "delete_s3_bucket": ("bucket_name",),
    "delete_s3_objects": ("bucket_name",),
    "list_s3_keys": ("bucket_name",),
    "load_model": ("name",),
    "run_bash": ("command",),
    "run_container": ("image",),
    "run_snowflake_sql": ("sql",),
    "run_sql": ("sql",),
    "send_email": ("to",),
    "send_http_request": ("endpoint",),
    "send_slack_message": ("text",),
    "send_slack_webhook": ("text",),
    "trigger_pipeline": ("pipeline_name",),
    "wait_after_interval": ("seconds",),
    "wait_for_command": ("command",),
    "wait_for_file": ("path",),
    "wait_for_http": ("endpoint",),
    "wait_for_pipeline": ("pipeline_name",),
    "wait_for_s3_key": ("bucket_key",),
    "wait_for_sql": ("sql",),
    "wait_for_weekday": ("days",),
    "wait_until": ("moment",),
    "wait_until_time": ("time_of_day",),
    "write_s3_object": ("key", "data"),
}


def named(call: StepCall) -> StepCall | None:
    """The call with all its arguments by name; None where a name is not known."""
    if not call.args:
        return call
    names = FIRST_PARAMETERS.get(call.function.removeprefix(LIBRARY), ())
    if len(call.args) > len(names):
        return None
    return replace(
        call, args=(), kwargs={**dict(zip(names, call.args, strict=False)), **call.kwargs}
    )
