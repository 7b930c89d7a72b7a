"""Typed errors of the Snowflake package."""

from __future__ import annotations

from runtime.exceptions import ConfigError, PipelineRuntimeError


class SnowflakeConfigError(ConfigError):
    """A connection lacks a setting, or its settings contradict each other."""


class SnowflakeConnectionError(PipelineRuntimeError):
    """Snowflake could not be reached or refused the login."""


class InvalidIdentifierError(PipelineRuntimeError, ValueError):
    """A name is not a table or column name of Snowflake."""


class SqlExecutionError(PipelineRuntimeError):
    """A statement failed. Keeps Snowflake's error number, SQLSTATE and query id."""

    def __init__(
        self,
        message: str,
        *,
        errno: int | None = None,
        sqlstate: str | None = None,
        query_id: str | None = None,
    ) -> None:
        """Keep what identifies the failure in Snowflake's own history."""
        super().__init__(message)
        self.errno = errno
        self.sqlstate = sqlstate
        self.query_id = query_id


class WriteError(PipelineRuntimeError):
    """A frame does not fit its target table, or the write was given up; the target is unchanged."""
