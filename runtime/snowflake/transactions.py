"""Transactions that are repeated as a whole where another one was in the way."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from runtime.snowflake.errors import SqlExecutionError
from runtime.snowflake.statements import TRANSIENT_ERRNOS, delay_seconds, execute_sql

if TYPE_CHECKING:
    from snowflake.connector import SnowflakeConnection

logger = logging.getLogger(__name__)

ATTEMPTS = 6


def in_transaction(connection: SnowflakeConnection, work: Callable[[], None]) -> None:
    """Do the work in a transaction, or change nothing and raise what it raised.

    Where another transaction holds a lock, the whole is rolled back and done again a little later.
    The work must run its statements with `repeat=False`.
    """
    for attempt in range(1, ATTEMPTS + 1):
        try:
            with _transaction(connection):
                work()
            return
        except SqlExecutionError as error:
            if error.errno not in TRANSIENT_ERRNOS or attempt == ATTEMPTS:
                raise
            delay = delay_seconds(attempt)
            logger.warning(
                "Transaction %s, attempt %d of %d; again in %.1f s.",
                TRANSIENT_ERRNOS[error.errno],
                attempt,
                ATTEMPTS,
                delay,
            )
            time.sleep(delay)


@contextmanager
def _transaction(connection: SnowflakeConnection) -> Iterator[None]:
    """Commit at the block's end; roll back where it fails or is interrupted."""
    execute_sql(connection, "BEGIN", split=False)
    try:
        yield
        execute_sql(connection, "COMMIT", split=False, repeat=False)
    except BaseException:
        _roll_back(connection)
        raise


def _roll_back(connection: SnowflakeConnection) -> None:
    try:
        execute_sql(connection, "ROLLBACK", split=False)
    except SqlExecutionError as error:
        # What made the write fail is the error to see; the session's end rolls back as well.
        logger.warning("The transaction was not rolled back: %s", error)
