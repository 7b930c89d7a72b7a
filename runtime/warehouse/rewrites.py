"""Statements that Snowflake knows and fakesnow does not, as a table of replacements."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

DONE = "SELECT 'Statement executed successfully.' AS \"status\""
"""What Snowflake answers to a statement that has no result."""

_COMMENT = re.compile(r"\A(?:\s+|--[^\n]*(?:\n|\Z)|//[^\n]*(?:\n|\Z)|/\*.*?\*/)+", re.DOTALL)
_PART = r"(?:\"(?:[^\"]|\"\")+\"|[A-Za-z_][\w$]*)"
_NAME = rf"{_PART}(?:\s*\.\s*{_PART}){{0,2}}"
_QUALIFIED_NAME = rf"{_PART}(?:\s*\.\s*{_PART}){{1,2}}"


class Session(Protocol):
    """What a replacement may ask of the session that sent the statement."""

    def table_exists(self, table: str) -> bool:
        """Whether the table, named as in SQL, exists."""

    def drop_stage(self, stage: str) -> bool:
        """Drop a stage, named as in SQL, with its files; False where there was none."""

    def is_temporary(self, table: str) -> bool:
        """Whether this session made the table as a temporary one."""

    def drop_at_end(self, table: str) -> None:
        """Note the table as a temporary one, dropped when the session ends."""


@dataclass(frozen=True)
class Rewrite:
    """Where `pattern` matches the statement, `replace` gives the SQL to run instead."""

    pattern: re.Pattern[str]
    replace: Callable[[re.Match[str], Session], str]


def _truncate_if_exists(match: re.Match[str], session: Session) -> str:
    table = match["table"]
    return f"TRUNCATE TABLE {table}" if session.table_exists(table) else DONE


def _drop_stage(match: re.Match[str], session: Session) -> str:
    if session.drop_stage(match["stage"]) or match["if_exists"]:
        return DONE
    return f"SELECT * FROM {match['stage']}"  # Fails as Snowflake does: no such object.


def _temporary_table(match: re.Match[str], session: Session) -> str:
    if session.table_exists(match["table"]) and not session.is_temporary(match["table"]):
        raise NotImplementedError(
            f"the temporary table {match['table']} has the name of a permanent one"
        )
    session.drop_at_end(match["table"])
    return f"{match['create']} TABLE {match['rest']}"


def _nothing(match: re.Match[str], session: Session) -> str:
    return DONE


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text, re.IGNORECASE | re.DOTALL)


REWRITES = (
    Rewrite(
        _pattern(rf"TRUNCATE\s+(?:TABLE\s+)?IF\s+EXISTS\s+(?P<table>{_NAME})\s*;?\s*\Z"),
        _truncate_if_exists,
    ),
    Rewrite(
        _pattern(rf"DROP\s+STAGE\s+(?P<if_exists>IF\s+EXISTS\s+)?(?P<stage>{_NAME})\s*;?\s*\Z"),
        _drop_stage,
    ),
    # DuckDB has no temporary tables in schemas: these are ordinary ones until the session ends.
    Rewrite(
        _pattern(
            r"(?P<create>CREATE(?:\s+OR\s+REPLACE)?)\s+(?:(?:LOCAL|GLOBAL)\s+)?(?:TEMP|TEMPORARY|VOLATILE)\s+TABLE\s+"
            rf"(?P<rest>(?:IF\s+NOT\s+EXISTS\s+)?(?P<table>{_QUALIFIED_NAME}).*)\Z"
        ),
        _temporary_table,
    ),
    # AUTOCOMMIT is fakesnow's own business; other parameters mean nothing here.
    Rewrite(_pattern(r"ALTER\s+SESSION\s+(?:SET|UNSET)\s+(?!AUTOCOMMIT\b)\w"), _nothing),
    # Without accounts there are no privileges, roles or compute to manage.
    Rewrite(_pattern(r"(?:GRANT|REVOKE)\s"), _nothing),
    Rewrite(_pattern(r"(?:CREATE|ALTER|DROP)\s+(?:OR\s+REPLACE\s+)?WAREHOUSE\s"), _nothing),
    Rewrite(_pattern(r"USE\s+SECONDARY\s+ROLES\s"), _nothing),
)


def rewrite(sql: str, session: Session) -> str:
    """Return the statement that fakesnow should run for `sql`: a replacement, or `sql` itself."""
    statement = _COMMENT.sub("", sql)
    for candidate in REWRITES:
        match = candidate.pattern.match(statement)
        if match:
            return candidate.replace(match, session)
    return sql
