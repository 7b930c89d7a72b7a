"""Airflow's API inside callables: which names have an equivalent in `runtime`, under the name that
bodies use.

Every path under which Airflow 1.10, 2.x and 3.x offer a name stands here, so that a body can be
taken over verbatim.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from transpiler.model.pipeline import Import

SKIP = "SkipTask"
FAIL = "FailTask"


def _exceptions(*names: str) -> tuple[str, ...]:
    modules = ("airflow.exceptions", "airflow.sdk.exceptions", "airflow.sdk")
    return tuple(f"{module}.{name}" for name in names for module in modules)


def _provider_hook(provider: str, module: str, name: str) -> tuple[str, ...]:
    """A hook's path since Airflow 2, and those of 1.10."""
    return (
        f"airflow.providers.{provider}.hooks.{module}.{name}",
        f"airflow.hooks.{module}_hook.{name}",
        f"airflow.contrib.hooks.{module}_hook.{name}",
    )


def _members(module: str, names: str, *paths: str) -> dict[tuple[str, str], tuple[str, ...]]:
    """Names that the runtime's module has, which Airflow has in the modules at these paths."""
    return {(module, name): tuple(f"{path}.{name}" for path in paths) for name in names.split()}


_PATHS: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("runtime.airflow_names", "Variable"): (
        "airflow.models.Variable",
        "airflow.models.variable.Variable",
        "airflow.sdk.Variable",
        "airflow.sdk.definitions.variable.Variable",
    ),
    ("runtime.airflow_names", "BaseHook"): (
        "airflow.hooks.base.BaseHook",
        "airflow.hooks.base_hook.BaseHook",
        "airflow.sdk.BaseHook",
        "airflow.sdk.bases.hook.BaseHook",
    ),
    ("runtime.airflow_names", "LoggingMixin"): (
        "airflow.utils.log.logging_mixin.LoggingMixin",
        "airflow.sdk.definitions._internal.logging_mixin.LoggingMixin",
    ),
    ("runtime.operators", "BaseOperator"): (
        "airflow.models.BaseOperator",
        "airflow.models.baseoperator.BaseOperator",
        "airflow.sdk.BaseOperator",
        "airflow.sdk.bases.operator.BaseOperator",
    ),
    ("runtime.operators", "BaseSensorOperator"): (
        "airflow.sensors.base.BaseSensorOperator",
        "airflow.sensors.base_sensor_operator.BaseSensorOperator",
        "airflow.operators.sensors.BaseSensorOperator",
        "airflow.sdk.BaseSensorOperator",
        "airflow.sdk.bases.sensor.BaseSensorOperator",
    ),
    ("runtime.operators", "BaseBranchOperator"): (
        "airflow.operators.branch.BaseBranchOperator",
        "airflow.operators.branch_operator.BaseBranchOperator",
        "airflow.providers.standard.operators.branch.BaseBranchOperator",
    ),
    ("runtime.operator_classes", "BashOperator"): (
        "airflow.operators.bash.BashOperator",
        "airflow.operators.bash_operator.BashOperator",
        "airflow.providers.standard.operators.bash.BashOperator",
    ),
    ("runtime.operator_classes", "PythonOperator"): (
        "airflow.operators.python.PythonOperator",
        "airflow.operators.python_operator.PythonOperator",
        "airflow.providers.standard.operators.python.PythonOperator",
    ),
    ("runtime.notifiers", "BaseNotifier"): (
        "airflow.notifications.basenotifier.BaseNotifier",
        "airflow.sdk.BaseNotifier",
        "airflow.sdk.bases.notifier.BaseNotifier",
    ),
    ("runtime.operators", "apply_defaults"): ("airflow.utils.decorators.apply_defaults",),
    ("runtime.operators", "poke_mode_only"): (
        "airflow.sensors.base.poke_mode_only",
        "airflow.sdk.bases.sensor.poke_mode_only",
    ),
    ("runtime.airflow_names", "send_email"): ("airflow.utils.email.send_email",),
    **_members(
        "runtime.assets",
        "Dataset DatasetAlias",
        "airflow",
        "airflow.datasets",
    ),
    ("runtime.assets", "Metadata"): (
        "airflow.datasets.metadata.Metadata",
        "airflow.sdk.Metadata",
        "airflow.sdk.definitions.asset.metadata.Metadata",
    ),
    **_members(
        "runtime.assets", "Asset AssetAlias", "airflow.sdk", "airflow.sdk.definitions.asset"
    ),
    ("runtime.connections", "Connection"): (
        "airflow.models.Connection",
        "airflow.models.connection.Connection",
        "airflow.sdk.Connection",
        "airflow.sdk.definitions.connection.Connection",
    ),
    ("runtime.callables", "get_current_context"): (
        "airflow.operators.python.get_current_context",
        "airflow.providers.standard.operators.python.get_current_context",
        "airflow.sdk.get_current_context",
    ),
    ("runtime.exceptions", "PipelineRuntimeError"): (
        "airflow.AirflowException",
        *_exceptions("AirflowException"),
    ),
    ("runtime.exceptions", SKIP): _exceptions("AirflowSkipException"),
    ("runtime.exceptions", FAIL): _exceptions("AirflowFailException"),
    ("runtime.exceptions", "ConfigError"): _exceptions("AirflowNotFoundException"),
    ("runtime.exceptions", "XComError"): _exceptions("XComNotFound"),
    ("runtime.exceptions", "WaitTimeoutError"): _exceptions("AirflowSensorTimeout"),
    ("runtime.exceptions", "TaskTimeoutError"): _exceptions("AirflowTaskTimeout"),
    ("runtime.polling", "PokeReturnValue"): (
        "airflow.sensors.base.PokeReturnValue",
        "airflow.sdk.PokeReturnValue",
        "airflow.sdk.bases.sensor.PokeReturnValue",
    ),
    ("runtime.hooks", "DbApiHook"): (
        "airflow.providers.common.sql.hooks.sql.DbApiHook",
        "airflow.hooks.dbapi.DbApiHook",
        "airflow.hooks.dbapi_hook.DbApiHook",
    ),
    ("runtime.hooks", "PostgresHook"): _provider_hook("postgres", "postgres", "PostgresHook"),
    ("runtime.hooks", "MySqlHook"): _provider_hook("mysql", "mysql", "MySqlHook"),
    ("runtime.hooks", "SqliteHook"): _provider_hook("sqlite", "sqlite", "SqliteHook"),
    ("runtime.hooks", "MsSqlHook"): (*_provider_hook("microsoft.mssql", "mssql", "MsSqlHook"),),
    ("runtime.hooks", "SnowflakeHook"): _provider_hook("snowflake", "snowflake", "SnowflakeHook"),
    ("runtime.hooks", "HttpHook"): _provider_hook("http", "http", "HttpHook"),
    ("runtime.hooks", "S3Hook"): (
        "airflow.providers.amazon.aws.hooks.s3.S3Hook",
        "airflow.hooks.S3_hook.S3Hook",
    ),
    ("runtime.hooks", "SlackHook"): _provider_hook("slack", "slack", "SlackHook"),
    ("runtime.hooks", "SlackWebhookHook"): _provider_hook(
        "slack", "slack_webhook", "SlackWebhookHook"
    ),
    ("runtime.hooks", "SlackAPIPostOperator"): (
        "airflow.providers.slack.operators.slack.SlackAPIPostOperator",
        "airflow.operators.slack_operator.SlackAPIPostOperator",
    ),
    ("runtime.hooks", "SlackWebhookOperator"): (
        "airflow.providers.slack.operators.slack_webhook.SlackWebhookOperator",
        "airflow.contrib.operators.slack_webhook_operator.SlackWebhookOperator",
    ),
    ("runtime.hooks", "SubprocessHook"): (
        "airflow.hooks.subprocess.SubprocessHook",
        "airflow.providers.standard.hooks.subprocess.SubprocessHook",
    ),
    **_members(
        "runtime.hooks",
        "fetch_all_handler fetch_one_handler",
        "airflow.providers.common.sql.hooks.sql",
        "airflow.providers.common.sql.hooks.handlers",
    ),
    ("runtime.xcom", "RETURN_VALUE"): (
        "airflow.utils.xcom.XCOM_RETURN_KEY",
        "airflow.models.xcom.XCOM_RETURN_KEY",
        "airflow.models.XCOM_RETURN_KEY",
    ),
    ("runtime", "airflow_times"): ("airflow.utils.timezone", "airflow.sdk.timezone"),
    **_members(
        "runtime.airflow_times",
        "utc utcnow utc_epoch datetime is_localized is_naive make_aware make_naive "
        "convert_to_utc coerce_datetime parse",
        "airflow.utils.timezone",
        "airflow.sdk.timezone",
    ),
    ("runtime.airflow_times", "days_ago"): ("airflow.utils.dates.days_ago",),
    **_members(
        "runtime.airflow_states", "TaskInstanceState DagRunState State", "airflow.utils.state"
    ),
    ("runtime.airflow_states", "TriggerRule"): (
        "airflow.utils.trigger_rule.TriggerRule",
        "airflow.sdk.TriggerRule",
    ),
    ("runtime.airflow_states", "WeekDay"): ("airflow.utils.weekday.WeekDay",),
    **_members(
        "runtime.airflow_helpers",
        "chunks merge_dicts prune_dict exactly_one at_most_one",
        "airflow.utils.helpers",
    ),
    ("runtime.templates.macros", "MACROS"): ("airflow.macros",),
    **_members(
        "runtime.templates.macros",
        "ds_add ds_format ds_format_locale datetime_diff_for_humans",
        "airflow.macros",
    ),
    ("tempfile", "TemporaryDirectory"): ("airflow.utils.file.TemporaryDirectory",),
}

_PLUGIN_CLASS = re.compile(r"(^|\.)[A-Z]\w*(Operator|Sensor|Hook)$")

RUNTIME_NAMES: Mapping[str, Import] = {
    path: Import(module, name) for (module, name), paths in _PATHS.items() for path in paths
}


_MODULES = frozenset(
    ".".join(parts[:end])
    for path in RUNTIME_NAMES
    for parts in [path.split(".")]
    for end in range(1, len(parts))
)


def is_airflow_module(qualified_name: str) -> bool:
    """Whether a name is a module of Airflow that has members with an equivalent."""
    return qualified_name in _MODULES and qualified_name not in RUNTIME_NAMES


def is_airflow(qualified_name: str) -> bool:
    """Whether a name belongs to Airflow or one of its providers."""
    return qualified_name == "airflow" or qualified_name.startswith("airflow.")


def needs_airflow(qualified_name: str) -> bool:
    """Whether a name from outside of the project works with Airflow only: Airflow's own, that of a
    package made for it (`airflow_clickhouse_plugin.…`), or a class named as its plugins are.
    """
    package, _, member = qualified_name.partition(".")
    return (
        package == "airflow" or package.startswith("airflow_") or bool(_PLUGIN_CLASS.search(member))
    )


def runtime_import(qualified_name: str, bound: str) -> Import | None:
    """The import that binds `bound` to the equivalent of an Airflow name; None without one."""
    found = RUNTIME_NAMES.get(qualified_name)
    if found is None:
        return None
    return Import(found.module, found.name, None if bound == found.name else bound)
