"""Runs SQL text statement by statement."""

from __future__ import annotations

import io
import logging
import random
import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from runtime.snowflake.errors import SqlExecutionError

if TYPE_CHECKING:
    from snowflake.connector import SnowflakeConnection
    from snowflake.connector.cursor import SnowflakeCursor
    from snowflake.connector.errors import Error

logger = logging.getLogger(__name__)

Bindings = dict[str, Any] | Sequence[Any]

TRANSIENT_ERRNOS = {625: "given up because of another statement's lock"}
"""Failures after which Snowflake has certainly changed nothing, so that a repetition is safe.

Failures of the network are the connector's business, which repeats requests by their id.
"""
ATTEMPTS = 5
FIRST_DELAY_SECONDS = 0.5
HEAD_LENGTH = 100
"""Characters of a failed statement that its error shows."""


_NOTHING = re.compile(r"(?:\s|;|--[^\n]*(?:\n|\Z)|//[^\n]*(?:\n|\Z)|/\*.*?\*/)*", re.DOTALL)
"""Blanks and comments, which Snowflake rejects as an empty statement."""


@dataclass(frozen=True)
class StatementResult:
    """What one statement did.

    Snowflake's query id, the number of rows changed or selected, the rows, and the columns' names
    and types (the connector's names, such as `FIXED`, `REAL`, `TEXT`, `DATE`, `TIMESTAMP_NTZ`).
    """

    query_id: str | None
    rowcount: int | None
    rows: list[tuple[Any, ...]]
    columns: tuple[str, ...]
    types: tuple[str, ...]

    @property
    def first_row(self) -> tuple[Any, ...] | None:
        """The first row, None where there is none."""
        return self.rows[0] if self.rows else None


def execute_sql(
    connection: SnowflakeConnection,
    sql: str | Sequence[str],
    bindings: Bindings | None = None,
    *,
    split: bool = True,
    repeat: bool = True,
) -> list[StatementResult]:
    """Run SQL text and give one result per statement.

    `split` separates statements at `;` with the connector's own scanner, as Airflow's Snowflake
    hook does; without it each text is one statement. `bindings` are bound client side: a mapping
    to `%(name)s`, a sequence to `%s`; without them a `%` is a `%`. Raises `SqlExecutionError`,
    which counts the statements and shows the beginning of the failed one.
    With `repeat`, a statement that failed and changed nothing runs again; within a transaction,
    the whole of it must.
    """
    texts = [sql] if isinstance(sql, str) else list(sql)
    statements = [part for text in texts for part in (_split(text) if split else [text])]
    if not statements:
        raise SqlExecutionError("The SQL text holds no statement.")
    return [
        _execute(
            connection,
            statement,
            bindings,
            f"Statement {number} of {len(statements)}",
            ATTEMPTS if repeat else 1,
        )
        for number, statement in enumerate(statements, start=1)
    ]


def _split(text: str) -> Iterator[str]:
    from snowflake.connector.util_text import split_statements

    for statement, _ in split_statements(io.StringIO(text)):
        if statement and not _NOTHING.fullmatch(statement):
            yield statement


def _execute(
    connection: SnowflakeConnection,
    statement: str,
    bindings: Bindings | None,
    label: str,
    attempts: int,
) -> StatementResult:
    from snowflake.connector.constants import FIELD_ID_TO_NAME
    from snowflake.connector.errors import Error

    try:
        with connection.cursor() as cursor:
            run_repeating(cursor, statement, bindings, attempts)
            description = cursor.description or []
            return StatementResult(
                cursor.sfqid,
                cursor.rowcount,
                cursor.fetchall(),
                tuple(column.name for column in description),
                tuple(FIELD_ID_TO_NAME[column.type_code] for column in description),
            )
    except Error as error:
        raise described(error, statement, label) from error


def run_repeating(
    cursor: SnowflakeCursor, statement: str, bindings: Bindings | None, attempts: int = ATTEMPTS
) -> None:
    """Run a statement, again after a failure that changed nothing; raises the connector's error."""
    from snowflake.connector.errors import DatabaseError

    for attempt in range(1, attempts + 1):
        try:
            cursor.execute(statement, bindings)
            return
        except DatabaseError as error:
            if error.errno not in TRANSIENT_ERRNOS or attempt == attempts:
                raise
            delay = delay_seconds(attempt)
            logger.warning(
                "Statement %s (query %s), attempt %d of %d; again in %.1f s.",
                TRANSIENT_ERRNOS[error.errno],
                error.sfqid,
                attempt,
                attempts,
                delay,
            )
            time.sleep(delay)


def delay_seconds(attempt: int) -> float:
    """Give how long to wait after an attempt, from 1: longer each time, never quite the same."""
    return float(FIRST_DELAY_SECONDS * 2 ** (attempt - 1) * random.uniform(0.8, 1.2))


def described(error: Error, statement: str, label: str) -> SqlExecutionError:
    """Make the error to raise, which names the statement by `label` and by its beginning."""
    comments = _NOTHING.match(statement)
    one_line = " ".join(statement[comments.end() if comments else 0 :].split())
    head = one_line if len(one_line) <= HEAD_LENGTH else f"{one_line[:HEAD_LENGTH]}..."
    query = f" (query {error.sfqid})" if error.sfqid else ""
    return SqlExecutionError(
        f"{label} failed: {error.msg}{query}. SQL: {head}",
        errno=error.errno,
        sqlstate=error.sqlstate,
        query_id=error.sfqid,
    )
