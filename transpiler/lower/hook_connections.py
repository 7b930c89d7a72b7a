"""Which connection each of Airflow's hooks uses."""

from __future__ import annotations

from collections.abc import Mapping

HOOK_CONNECTIONS: Mapping[str, str] = {
    "DbApiHook": "conn_id",
    "MySqlHook": "mysql_conn_id",
    "MsSqlHook": "mssql_conn_id",
    "PostgresHook": "postgres_conn_id",
    "SnowflakeHook": "snowflake_conn_id",
    "SqliteHook": "sqlite_conn_id",
    "HttpHook": "http_conn_id",
    "S3Hook": "aws_conn_id",
    "SlackAPIPostOperator": "slack_conn_id",
    "SlackHook": "slack_conn_id",
    "SlackWebhookHook": "slack_webhook_conn_id",
    "SlackWebhookOperator": "slack_webhook_conn_id",
}
"""The argument by which each hook is told its connection."""
HOOK_TYPES: Mapping[str, str] = {
    "MySqlHook": "mysql",
    "MsSqlHook": "mssql",
    "PostgresHook": "postgres",
    "SnowflakeHook": "snowflake",
    "SqliteHook": "sqlite",
    "HttpHook": "http",
    "S3Hook": "aws",
    "SlackAPIPostOperator": "slack",
    "SlackHook": "slack",
    "SlackWebhookHook": "slack",
    "SlackWebhookOperator": "slack",
}
"""The type of each hook's connection, where it is one."""
HOOK_DEFAULTS: Mapping[str, str] = {
    "MySqlHook": "mysql_default",
    "MsSqlHook": "mssql_default",
    "PostgresHook": "postgres_default",
    "SnowflakeHook": "snowflake_default",
    "SqliteHook": "sqlite_default",
    "HttpHook": "http_default",
    "SlackHook": "slack_api_default",
    "SlackAPIPostOperator": "slack_api_default",
    "SlackWebhookHook": "slack_default",
    "SlackWebhookOperator": "slack_default",
}
"""The connection of a hook that is told none. S3's may be missing: boto3 then signs in by itself."""
