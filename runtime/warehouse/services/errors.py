"""Errors of service statements, as Snowflake numbers them."""

from __future__ import annotations


class StatementError(Exception):
    """A statement that Snowflake would refuse; answered with this number and SQLSTATE."""

    def __init__(self, message: str, errno: int = 1003, sqlstate: str = "42000") -> None:
        """Keep what the answer says; by default a syntax error."""
        super().__init__(message)
        self.errno = errno
        self.sqlstate = sqlstate


def does_not_exist(name: str) -> StatementError:
    """The error about a service that is not there."""
    return StatementError(f"Service '{name}' does not exist or not authorized.", 2003, "02000")
