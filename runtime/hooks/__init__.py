"""Airflow's hooks, so that callables taken over from a DAG keep their bodies.

A hook opens the connection that the configuration has under Airflow's connection id.
"""

from __future__ import annotations

from runtime.hooks.databases import (
    MsSqlHook,
    MySqlHook,
    PostgresHook,
    SnowflakeHook,
    SqliteHook,
    hook_of,
)
from runtime.hooks.http import HttpHook
from runtime.hooks.s3 import S3Hook
from runtime.hooks.slack import (
    SlackAPIPostOperator,
    SlackHook,
    SlackWebhookHook,
    SlackWebhookOperator,
)
from runtime.hooks.sql import DbApiHook, fetch_all_handler, fetch_one_handler
from runtime.hooks.subprocess import SubprocessHook

__all__ = [
    "DbApiHook",
    "HttpHook",
    "MsSqlHook",
    "MySqlHook",
    "PostgresHook",
    "S3Hook",
    "SlackAPIPostOperator",
    "SlackHook",
    "SlackWebhookHook",
    "SlackWebhookOperator",
    "SnowflakeHook",
    "SqliteHook",
    "SubprocessHook",
    "fetch_all_handler",
    "fetch_one_handler",
    "hook_of",
]
